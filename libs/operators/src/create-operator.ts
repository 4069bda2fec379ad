import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { appendMode, type ChangeMode, type UniqueKey } from '@weir/plan/change-mode.ts';
import type { TopNNode } from '@weir/plan/nodes/top-n.ts';
import type { OperatorNode, PlannedOperator } from '@weir/plan/physical-plan.ts';
import { GroupAggregateOperator } from './aggregate/group-aggregate.ts';
import { CalcOperator } from './calc.ts';
import { RegularJoinOperator } from './join/regular-join-operator.ts';
import { TimeBoundedJoinOperator } from './join/time-bounded-join-operator.ts';
import type { Operator } from './operator.ts';
import { MaterializeOperator } from './materialize-operator.ts';
import { NormalizeOperator } from './normalize-operator.ts';
import { OverOperator } from './over/over-operator.ts';
import { BestRowOperator } from './rank/best-row-operator.ts';
import { RankedWindowsOperator } from './rank/ranked-windows-operator.ts';
import { TopNOperator } from './rank/top-n-operator.ts';
import { UpdatingTopNOperator } from './rank/updating-top-n-operator.ts';
import { SessionAggregateOperator } from './session/session-aggregate-operator.ts';
import { UnionOperator } from './union.ts';
import { UnnestOperator } from './unnest-operator.ts';
import { WatermarkOperator } from './watermark.ts';
import { WindowAggregateOperator } from './window-aggregate.ts';
import { WindowAssignOperator } from './window-assign.ts';

type Make<N> = (node: N, inputs: readonly Schema[], output: Schema, changes: EdgeChanges) => Operator;

/** What the rows of its inputs say, and those that it gives. */
interface EdgeChanges {
  readonly inputs: readonly ChangeMode[];
  readonly output: ChangeMode;
}

/** null: made by its connector. */
const operatorTable: {
  readonly [K in OperatorNode['kind']]: Make<Extract<OperatorNode, { readonly kind: K }>> | null;
} = {
  source: null,
  sink: null,
  calc: (node, inputs, output, changes) => new CalcOperator(node, only(inputs), output, droppedBy(changes)),
  watermark: (node, inputs) => new WatermarkOperator(node, only(inputs)),
  window_assign: (node, inputs, output) => new WindowAssignOperator(node, only(inputs), output),
  window_aggregate: (node, inputs, output) =>
    node.window.kind === 'session'
      ? new SessionAggregateOperator(node, node.window.gapMicros, only(inputs), output)
      : new WindowAggregateOperator(node, only(inputs), output),
  group_aggregate: (node, inputs, output, changes) =>
    new GroupAggregateOperator(node, only(inputs), output, {
      input: changes.inputs[0] ?? appendMode,
      output: changes.output,
    }),
  time_bounded_join: (node, inputs, output) =>
    new TimeBoundedJoinOperator(node, only(inputs), second(inputs), output),
  normalize: (node, inputs) => new NormalizeOperator(node, only(inputs)),
  materialize: (node, inputs) => new MaterializeOperator(node, only(inputs)),
  regular_join: (node, inputs, output, changes) =>
    new RegularJoinOperator(node, only(inputs), second(inputs), output, changes),
  over: (node, inputs, output) => new OverOperator(node, only(inputs), output),
  top_n: (node, inputs, output, changes) =>
    node.emit === 'updates'
      ? changes.inputs.every(({ kind }) => kind === 'append')
        ? bestSoFar(node, only(inputs), output, changes.output)
        : new UpdatingTopNOperator(node, only(inputs), output, changes.output)
      : new RankedWindowsOperator(node, only(inputs), output),
  unnest: (node, inputs, output) => new UnnestOperator(node, only(inputs), output),
  union: (_, inputs, output) => new UnionOperator(inputs.length, output),
};

/** Of one row a partition whose old rows nobody asks for only the row itself is held, and overwritten. */
function bestSoFar(node: TopNNode, input: Schema, output: Schema, changes: ChangeMode): Operator {
  const single = node.limit === 1 && node.function === 'row_number' && !node.rank;
  return single && changes.kind === 'upsert'
    ? new BestRowOperator(node, input)
    : new TopNOperator(node, input, output, changes);
}

/**
 * The operator that a plan names. Sources and sinks are made by their connectors.
 * @param inputs schemas of its inputs, in their order
 * @param changes what their rows say; left out: inserts
 */
export function createOperator(
  planned: PlannedOperator,
  inputs: readonly Schema[],
  changes: readonly ChangeMode[] = inputs.map(() => appendMode),
): Operator {
  const { node, output } = planned;
  const make = operatorTable[node.kind] as Make<OperatorNode> | null;
  if (make === null) {
    throw new WeirError('WEIR-2312', `'${planned.title}': a ${node.kind} is made by its connector, not here`);
  }
  return make(node, inputs, output, { inputs: changes, output: planned.changes });
}

/** The key by which a calc leaves out old rows that it is given; null: it passes them on. */
function droppedBy({ inputs, output }: EdgeChanges): UniqueKey | null {
  return inputs[0]?.kind === 'retract' && output.kind === 'upsert' ? output.key : null;
}

function only(inputs: readonly Schema[]): Schema {
  return present(inputs[0], 'the input of an operator');
}

function second(inputs: readonly Schema[]): Schema {
  return present(inputs[1], 'the second input of an operator');
}
