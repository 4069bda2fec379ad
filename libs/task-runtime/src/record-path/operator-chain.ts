import type { Batch } from '@weir/columnar/batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { Operator, OperatorState, PartitionWatermarks } from '@weir/operators/operator.ts';
import { appendMode, type ChangeMode } from '@weir/plan/change-mode.ts';
import type { Exchange, PlannedOperator, Stage } from '@weir/plan/physical-plan.ts';
import { rejectedSchema } from '@weir/plan/rejected-schema.ts';
import type { ChainEnd } from './chain-end.ts';
import { ChainNode, type Delivery } from './chain-node.ts';
import { placeRowError } from './row-error.ts';

/** Makes the operator of a node that isn't a source or a sink: for its inputs in their order, their columns and what their rows say. */
export type OperatorFactory = (
  planned: PlannedOperator,
  inputs: readonly Schema[],
  changes: readonly ChangeMode[],
) => Operator;

/**
 * The operators of one stage in one subtask, called directly. All calls are synchronous.
 *
 * C1  An operator is drained to its end before anything else is called on it, or on one before it (operator.ts).
 * C2  The most downstream operator that may have something is drained first, so that rows leave before new ones are made.
 * C3  The driver asks `hasRoom` between two `drainStep`s; only where an operator emits several batches in one call and the one
 *     behind it expands them is that one drained at once: a batch on loan can't wait.
 * C4  That a node is idle is passed on after the rows and the watermark that came before, since those behind it may then go past them; that
 *     it is active again at once.
 */
export class OperatorChain implements Delivery {
  readonly nodes: readonly ChainNode[];
  readonly #byId = new Map<string, ChainNode>();
  readonly #ends: ChainEnd[] = [];
  #highestPending = -1;
  /** Grows with everything that may change state or output: an epoch in which it stays equal changed nothing. */
  changes = 0;

  constructor(
    stage: Stage,
    exchanges: ReadonlyMap<string, Pick<Exchange, 'schema' | 'changes'>>,
    makeOperator: OperatorFactory,
  ) {
    this.nodes = stage.operators.map((planned, index) => {
      const inputs = planned.inputs.map((input) => {
        if (input.kind === 'exchange')
          return present(exchanges.get(input.exchange), `exchange ${input.exchange}`);
        if (input.output === 'rejected') return { schema: rejectedSchema, changes: appendMode };
        const { output, changes } = this.node(input.operator).planned;
        return { schema: output, changes };
      });
      const make = (): Operator =>
        makeOperator(
          planned,
          inputs.map(({ schema }) => schema),
          inputs.map(({ changes }) => changes),
        );
      const withIo = planned.node.kind === 'source' || planned.node.kind === 'sink';
      const node = new ChainNode(planned, index, withIo ? null : make(), this);
      this.#byId.set(planned.id, node);
      planned.inputs.forEach((input, position) => {
        if (input.kind !== 'local') return;
        const { edges, rejectedEdges } = this.node(input.operator);
        (input.output === 'rejected' ? rejectedEdges : edges).push({ to: node, input: position });
      });
      return node;
    });
  }

  node(operator: string): ChainNode {
    return present(this.#byId.get(operator), `operator ${operator} before those that read it`);
  }

  /** What a sink node takes goes to `end`; or what another node emits goes there as well. */
  attachEnd(operator: string, end: ChainEnd): void {
    this.#ends.push(end);
    this.node(operator).ends.push(end);
  }

  /** Delivery: a batch for an input of an operator. */
  batch(to: ChainNode, input: number, batch: Batch): void {
    this.changes += 1;
    to.recordsIn += batch.rowCount;
    if (to.operator === null) return to.emit(batch); // a sink: straight to its end
    if (to.pending) this.#drainFrom(to.index); // C1
    try {
      to.operator.process(batch, input);
    } catch (error) {
      throw placeRowError(error, to.planned);
    }
    this.#mayHavePending(to);
  }

  /** Delivery: the watermark of an input of an operator. */
  watermark(to: ChainNode, input: number, micros: number): void {
    this.changes += 1;
    to.inputs.advance(input, micros);
    this.#settle(to);
  }

  /** Nothing that reaches this input is active, or something is again. */
  inputIdle(to: ChainNode, input: number, idle: boolean): void {
    this.changes += 1;
    to.inputs.setIdle(input, idle);
    this.#settle(to);
  }

  /** C4. An operator that makes watermarks says itself whether anything is active. */
  #passIdle(to: ChainNode): void {
    if (to.operator?.partitionWatermarks !== undefined) return;
    const { idle } = to.inputs;
    to.idleHeld = idle && to.pending;
    if (!to.idleHeld) to.idle(idle);
  }

  #settle(to: ChainNode): void {
    to.inputs.settle((input, micros) => {
      const { operator } = to;
      if (operator === null) return to.watermark(micros);
      if (to.pending) this.#drainFrom(to.index); // C1
      operator.watermark(micros, input);
      this.#mayHavePending(to);
    });
    this.#passIdle(to);
  }

  /** All partitions of the source before a node that makes watermarks of them. */
  partitions(node: ChainNode, all: readonly number[]): void {
    this.#tellPartitions(node, (watermarks) => watermarks.partitions(all));
  }

  /** Source partitions became idle, or active, at one moment. */
  partitionsIdle(node: ChainNode, partitions: readonly number[], idle: boolean): void {
    this.changes += 1;
    this.#tellPartitions(node, (watermarks) => watermarks.partitionsIdle(partitions, idle));
  }

  #tellPartitions(node: ChainNode, tell: (watermarks: PartitionWatermarks) => void): void {
    if (node.pending) this.#drainFrom(node.index); // C1
    tell(
      present(
        node.operator?.partitionWatermarks,
        `what makes watermarks of partitions in ${node.planned.id}`,
      ),
    );
    this.#mayHavePending(node);
  }

  get hasPending(): boolean {
    return this.#highestPending >= 0;
  }

  /** Drains one batch out of the most downstream operator that may have one (C2). Only while `hasPending`. */
  drainStep(): void {
    const node = present(this.nodes[this.#highestPending], 'a pending operator');
    // What it emits makes operators behind it pending: they raise the mark again.
    const more = this.#drain(node);
    node.pending = more;
    if (!more && node.idleHeld) this.#passIdle(node);
    this.#lowerMark();
  }

  #drain(node: ChainNode): boolean {
    try {
      return node.operator?.drain() ?? false;
    } catch (error) {
      throw placeRowError(error, node.planned);
    }
  }

  /** True when all ends take more; else `notify` is called when that may have changed. */
  hasRoom(notify: () => void): boolean {
    let room = true;
    for (const end of this.#ends) if (!end.hasRoom(notify)) room = false;
    return room;
  }

  /** Of every operator, in order; nothing may be pending. */
  snapshot(): { readonly node: ChainNode; readonly state: OperatorState }[] {
    assert(!this.hasPending, 'operators are drained before a snapshot');
    const states = [];
    for (const node of this.nodes) {
      if (node.operator !== null) states.push({ node, state: node.operator.snapshot() });
    }
    return states;
  }

  close(): void {
    for (const node of this.nodes) node.operator?.close();
  }

  #mayHavePending(node: ChainNode): void {
    node.pending = true;
    if (node.index > this.#highestPending) this.#highestPending = node.index;
  }

  #drainFrom(index: number): void {
    while (this.#highestPending >= index) this.drainStep();
  }

  #lowerMark(): void {
    let index = this.nodes.length - 1;
    while (index >= 0 && this.nodes[index]?.pending !== true) index -= 1;
    this.#highestPending = index;
  }
}
