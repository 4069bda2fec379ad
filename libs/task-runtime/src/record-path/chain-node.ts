import type { Batch } from '@weir/columnar/batch.ts';
import type { Operator, Output } from '@weir/operators/operator.ts';
import type { PlannedOperator } from '@weir/plan/physical-plan.ts';
import type { ChainEnd } from './chain-end.ts';
import { InputWatermarks } from './input-watermarks.ts';

/** An edge within the subtask. */
export interface LocalEdge {
  readonly to: ChainNode;
  readonly input: number;
}

/** How the chain passes things on to an operator (it keeps the order of drains). */
export interface Delivery {
  batch(to: ChainNode, input: number, batch: Batch): void;
  watermark(to: ChainNode, input: number, micros: number): void;
  inputIdle(to: ChainNode, input: number, idle: boolean): void;
}

/** An operator in its chain, and its output: fans out to the operators and ends behind it. Counts at batch granularity. */
export class ChainNode implements Output {
  readonly planned: PlannedOperator;
  /** Position in topological order. */
  readonly index: number;
  /** Null for sources and sinks: those have I/O and are driven by others. */
  readonly operator: Operator | null;
  readonly edges: LocalEdge[] = [];
  /** Those that read the records that a source can't read. */
  readonly rejectedEdges: LocalEdge[] = [];
  readonly ends: ChainEnd[] = [];
  /** `drain` has to be called before anything else. */
  pending = false;
  /** Its inputs are idle, which is passed on once it is drained. */
  idleHeld = false;
  recordsIn = 0;
  recordsOut = 0;
  watermarkMicros = -Infinity;
  /** Nothing that reaches it is active: its watermark holds nobody back. */
  #idle = false;
  readonly inputs: InputWatermarks;
  readonly counters: Record<string, number> = {};
  readonly #delivery: Delivery;

  constructor(planned: PlannedOperator, index: number, operator: Operator | null, delivery: Delivery) {
    this.planned = planned;
    this.index = index;
    this.operator = operator;
    this.inputs = new InputWatermarks(planned.inputs.length);
    this.#delivery = delivery;
  }

  emit(batch: Batch): void {
    if (batch.rowCount === 0) return;
    this.recordsOut += batch.rowCount;
    for (const edge of this.edges) this.#delivery.batch(edge.to, edge.input, batch);
    for (const end of this.ends) end.write(batch);
  }

  /** Records that a source could not read, as rows. */
  emitRejected(batch: Batch): void {
    for (const edge of this.rejectedEdges) this.#delivery.batch(edge.to, edge.input, batch);
  }

  watermark(micros: number): void {
    this.watermarkMicros = micros;
    for (const edge of this.rejectedEdges) this.#delivery.watermark(edge.to, edge.input, micros);
    for (const edge of this.edges) this.#delivery.watermark(edge.to, edge.input, micros);
    for (const end of this.ends) end.watermark(micros);
  }

  idle(idle: boolean): void {
    if (idle === this.#idle) return;
    this.#idle = idle;
    for (const edge of this.rejectedEdges) this.#delivery.inputIdle(edge.to, edge.input, idle);
    for (const edge of this.edges) this.#delivery.inputIdle(edge.to, edge.input, idle);
    for (const end of this.ends) end.idle(idle);
  }

  count(metric: string, by: number): void {
    this.counters[metric] = (this.counters[metric] ?? 0) + by;
  }
}
