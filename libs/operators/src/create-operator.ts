import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { OperatorNode, PlannedOperator } from '@weir/plan/physical-plan.ts';
import { CalcOperator } from './calc.ts';
import { TimeBoundedJoinOperator } from './join/time-bounded-join-operator.ts';
import type { Operator } from './operator.ts';
import { UnionOperator } from './union.ts';
import { WatermarkOperator } from './watermark.ts';
import { WindowAggregateOperator } from './window-aggregate.ts';
import { WindowAssignOperator } from './window-assign.ts';

type Make<N> = (node: N, inputs: readonly Schema[], output: Schema) => Operator;

/** null: made by its connector. */
const operatorTable: {
  readonly [K in OperatorNode['kind']]: Make<Extract<OperatorNode, { readonly kind: K }>> | null;
} = {
  source: null,
  sink: null,
  calc: (node, inputs, output) => new CalcOperator(node, only(inputs), output),
  watermark: (node, inputs) => new WatermarkOperator(node, only(inputs)),
  window_assign: (node, inputs, output) => new WindowAssignOperator(node, only(inputs), output),
  window_aggregate: (node, inputs, output) => new WindowAggregateOperator(node, only(inputs), output),
  time_bounded_join: (node, inputs, output) =>
    new TimeBoundedJoinOperator(node, only(inputs), second(inputs), output),
  union: (_, inputs, output) => new UnionOperator(inputs.length, output),
};

/** The operator that a plan names. `inputs`: schemas of its inputs, in their order. Sources and sinks are made by their connectors. */
export function createOperator(planned: PlannedOperator, inputs: readonly Schema[]): Operator {
  const { node, output } = planned;
  const make = operatorTable[node.kind] as Make<OperatorNode> | null;
  if (make === null) {
    throw new WeirError('WEIR-2312', `'${planned.title}': a ${node.kind} is made by its connector, not here`);
  }
  return make(node, inputs, output);
}

function only(inputs: readonly Schema[]): Schema {
  return present(inputs[0], 'the input of an operator');
}

function second(inputs: readonly Schema[]): Schema {
  return present(inputs[1], 'the second input of an operator');
}
