import type { SourceFile } from './source-tree.ts';

/** Files that import each other in a circle, by types too: each circle sorted, as one line. */
export function importCircles(tree: readonly SourceFile[]): string[] {
  const targets = new Map(tree.map(({ path, imports }) => [path, imports.flatMap(({ file }) => file ?? [])]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[] = [];
  // Tarjan: the strongly connected components of more than one file.
  const visit = (path: string): number => {
    const own = order.size;
    order.set(path, own);
    lowest.set(path, own);
    open.push(path);
    for (const target of targets.get(path) ?? []) {
      const reached = order.has(target)
        ? open.includes(target)
          ? (order.get(target) ?? own)
          : own
        : visit(target);
      lowest.set(path, Math.min(lowest.get(path) ?? own, reached));
    }
    const low = lowest.get(path) ?? own;
    if (low === own) {
      const component = open.splice(open.indexOf(path));
      if (component.length > 1) circles.push(component.toSorted().join(' '));
    }
    return low;
  };
  for (const { path } of tree) if (!order.has(path)) visit(path);
  return circles.toSorted();
}
