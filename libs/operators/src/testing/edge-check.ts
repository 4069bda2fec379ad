import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import { plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import type { PlannedOperator } from '@weir/plan/physical-plan.ts';
import type {
  Operator,
  OperatorContext,
  OperatorState,
  Output,
  PartitionWatermarks,
  RestoredState,
  StatePiece,
} from '../operator.ts';

/**
 * Watches the rows of one edge and fails when they are not what the plan says of it:
 * K1 `append`: no row kinds. K2 an update-before is followed at once, in its batch, by its update-after; in `upsert` there is none.
 * K3 `retract`: no row is taken away more often than it came. K4 `upsert`: the changes of a key come on one channel.
 */
export class EdgeCheck {
  readonly #title: string;
  readonly #changes: ChangeMode;
  readonly #whole: boolean;
  /** How often each row stands, for K3. */
  readonly #standing = new Map<string, number>();
  /** For K4. */
  readonly #channels = new Map<string, number>();

  /**
   * @param title names the edge in the failure
   * @param whole it is watched from its first row on: after a restore rows are taken away that came before (K3 isn't asked then)
   */
  constructor(title: string, changes: ChangeMode, whole = true) {
    this.#title = title;
    this.#changes = changes;
    this.#whole = whole;
  }

  /** @param channel where it comes from, if it comes from several */
  rows(batch: Batch, channel = 0): void {
    const { rowKinds } = batch;
    if (this.#changes.kind === 'append') {
      if (rowKinds !== null) this.#fail('K1', 'rows of an append edge have row kinds');
      return;
    }
    const kinds = rowKinds?.subarray(0, batch.rowCount) ?? new Uint8Array(batch.rowCount);
    this.#checkPairs(kinds);
    const rows = plainRows(batch);
    if (this.#changes.kind === 'upsert') this.#checkChannels(rows, this.#changes.key, channel);
    else if (this.#whole) this.#checkSums(rows, kinds);
  }

  #checkPairs(kinds: Uint8Array): void {
    const upsert = this.#changes.kind === 'upsert';
    for (const [row, kind] of kinds.entries()) {
      if (kind === rowKind.updateBefore) {
        if (upsert) this.#fail('K2', 'an upsert edge has an update-before');
        if (kinds[row + 1] !== rowKind.updateAfter)
          this.#fail('K2', `row ${row} has no update-after behind it`);
      } else if (kind === rowKind.updateAfter && !upsert && kinds[row - 1] !== rowKind.updateBefore) {
        this.#fail('K2', `row ${row} has no update-before before it`);
      }
    }
  }

  #checkSums(rows: readonly PlainRow[], kinds: Uint8Array): void {
    for (const [index, row] of rows.entries()) {
      const text = textOf(row);
      const sum = (this.#standing.get(text) ?? 0) + (isMinus(kinds[index] ?? 0) ? -1 : 1);
      if (sum < 0) this.#fail('K3', `${text} is taken away, and did not come`);
      if (sum === 0) this.#standing.delete(text);
      else this.#standing.set(text, sum);
    }
  }

  #checkChannels(rows: readonly PlainRow[], key: readonly number[], channel: number): void {
    for (const row of rows) {
      const text = textOf(key.map((column) => row[column] ?? null));
      const known = this.#channels.get(text);
      if (known !== undefined && known !== channel)
        this.#fail('K4', `changes of ${text} come on the channels ${known} and ${channel}`);
      this.#channels.set(text, channel);
    }
  }

  #fail(rule: string, what: string): never {
    throw new Error(`edge check ${rule}: ${this.#title}: ${what}`);
  }
}

function textOf(row: PlainRow): string {
  return JSON.stringify(row, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}

type MakeOperator = (
  planned: PlannedOperator,
  inputs: readonly Schema[],
  changes: readonly ChangeMode[],
) => Operator;

/**
 * Makes operators whose inputs and output are watched, as the plan states them.
 * @param whole they are never restored (see EdgeCheck): one without state can't tell
 */
export function checkedOperators(make: MakeOperator, whole = false): MakeOperator {
  return (planned, inputs, changes) =>
    new CheckedOperator(make(planned, inputs, changes), planned.title, changes, planned.changes, whole);
}

/** An operator between edges that are watched. */
export class CheckedOperator implements Operator {
  readonly keepsPartitions: boolean;
  readonly partitionWatermarks?: PartitionWatermarks;
  readonly #operator: Operator;
  readonly #title: string;
  readonly #inputChanges: readonly ChangeMode[];
  readonly #outputChanges: ChangeMode;
  readonly #whole: boolean;
  #inputs: readonly EdgeCheck[] = [];

  constructor(
    operator: Operator,
    title: string,
    inputs: readonly ChangeMode[],
    output: ChangeMode,
    whole: boolean,
  ) {
    this.#operator = operator;
    this.#title = title;
    this.#inputChanges = inputs;
    this.#outputChanges = output;
    this.#whole = whole;
    const { keepsPartitions = false, partitionWatermarks } = operator;
    this.keepsPartitions = keepsPartitions;
    if (partitionWatermarks !== undefined) this.partitionWatermarks = partitionWatermarks;
  }

  open(context: OperatorContext, restored: RestoredState): void {
    const whole = this.#whole;
    this.#inputs = this.#inputChanges.map(
      (changes, index) => new EdgeCheck(`input ${index} of '${this.#title}'`, changes, whole),
    );
    const check = new EdgeCheck(`output of '${this.#title}'`, this.#outputChanges, whole);
    const { output } = context;
    const checked: Output = {
      emit(batch) {
        check.rows(batch);
        output.emit(batch);
      },
      watermark: (micros) => output.watermark(micros),
      idle: (idle) => output.idle(idle),
    };
    this.#operator.open({ ...context, output: checked }, restored);
  }

  process(batch: Batch, input: number): void {
    this.#inputs[input]?.rows(batch);
    this.#operator.process(batch, input);
  }

  watermark(micros: number, input: number): void {
    this.#operator.watermark(micros, input);
  }

  drain(): boolean {
    return this.#operator.drain();
  }

  snapshot(): OperatorState {
    return this.#operator.snapshot();
  }

  writeAhead(): StatePiece | null {
    return this.#operator.writeAhead?.() ?? null;
  }

  close(): void {
    this.#operator.close();
  }
}
