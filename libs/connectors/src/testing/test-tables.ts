import type { WeirError } from '@weir/kernel/errors.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { SinkContext } from '../connector.ts';
import { TestBroker } from './test-broker.ts';
import type { TestInput } from './test-input.ts';
import type { CommittedOutput, TestSink, WrittenTables } from './test-sink.ts';
import type { TestSource } from './test-source.ts';

/** What is outside of Weir for one run of a pipeline: the tables that it reads, by name, and the broker of those that it writes. */
export class TestTables implements WrittenTables {
  readonly inputs: ReadonlyMap<string, TestInput>;
  readonly broker: TestBroker;
  /** All that were made, in order. */
  readonly sources: TestSource[] = [];
  readonly sinks: TestSink[] = [];
  /** What sinks committed, in order. */
  readonly commits: CommittedOutput[] = [];
  /** Called when a sink opens; what it throws fails the opening. */
  onSinkOpen: (context: SinkContext) => Promise<void> = async () => {};
  /** Positions before the first start. */
  startPositions: Readonly<Record<string, SplitState>> = {};
  /** Thrown by the look at the start positions while set. */
  missing: WeirError | null = null;
  /** Until this settles the look at the start positions has no answer. */
  silence: Promise<void> | null = null;

  constructor(inputs: readonly TestInput[], broker = new TestBroker()) {
    this.inputs = new Map(inputs.map((input) => [input.name, input]));
    this.broker = broker;
  }

  input(table: string): TestInput {
    const input = this.inputs.get(table);
    if (input === undefined) throw new Error(`there is no input for the table '${table}'`);
    return input;
  }

  async resolveStart(): Promise<Readonly<Record<string, SplitState>>> {
    await this.silence;
    if (this.missing !== null) throw this.missing;
    return this.startPositions;
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

  /** Committed lines by table that was written to, sorted. */
  get committed(): Record<string, string[]> {
    const tables = [...new Set(this.broker.transactions.map(({ table }) => table))].toSorted();
    return Object.fromEntries(tables.map((table) => [table, this.broker.committedLines(table)]));
  }
}
