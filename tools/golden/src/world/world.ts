import { OutputTable } from './output-table.ts';
import type { InputTable } from './input-table.ts';

/** What is outside of Weir for one run of a pipeline: the tables that it reads and writes, by name. */
export class World {
  readonly inputs: ReadonlyMap<string, InputTable>;
  readonly outputs = new Map<string, OutputTable>();

  constructor(inputs: readonly InputTable[]) {
    this.inputs = new Map(inputs.map((input) => [input.name, input]));
  }

  input(table: string): InputTable {
    const input = this.inputs.get(table);
    if (input === undefined) throw new Error(`there is no input for the table '${table}'`);
    return input;
  }

  output(table: string): OutputTable {
    let output = this.outputs.get(table);
    if (output === undefined) {
      output = new OutputTable(table);
      output.holdCommits = this.#holdCommits;
      this.outputs.set(table, output);
    }
    return output;
  }

  #holdCommits = false;

  holdCommits(): void {
    this.#holdCommits = true;
    for (const output of this.outputs.values()) output.holdCommits = true;
  }

  releaseCommits(): void {
    this.#holdCommits = false;
    for (const output of this.outputs.values()) output.releaseCommits();
  }

  get heldCommits(): number {
    let held = 0;
    for (const output of this.outputs.values()) held += output.held;
    return held;
  }

  release(share: number): void {
    for (const input of this.inputs.values()) input.release(share);
  }

  releaseSteps(steps: number): void {
    for (const input of this.inputs.values()) input.releaseSteps(steps);
  }

  /** Of the input that has most. */
  get stepCount(): number {
    return Math.max(1, ...[...this.inputs.values()].map((input) => input.stepCount));
  }

  closeInputs(): void {
    for (const input of this.inputs.values()) input.close();
  }

  get allPolled(): boolean {
    return [...this.inputs.values()].every((input) => input.allPolled);
  }

  get allCommitted(): boolean {
    return [...this.inputs.values()].every((input) => input.allCommitted);
  }

  /** Committed lines by table, sorted. */
  get committed(): Record<string, string[]> {
    const entries = [...this.outputs.values()].map(({ name, committedLines }): [string, string[]] => [
      name,
      committedLines,
    ]);
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}
