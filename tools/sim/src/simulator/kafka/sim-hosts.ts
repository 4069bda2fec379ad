/** Host name of a simulated broker. */
export function hostOf(node: number): string {
  return `sim-${node}`;
}
