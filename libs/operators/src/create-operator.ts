import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { PlannedOperator } from '@weir/plan/physical-plan.ts';
import { CalcOperator } from './calc.ts';
import type { Operator } from './operator.ts';
import { UnionOperator } from './union.ts';
import { WatermarkOperator } from './watermark.ts';
import { WindowAggregateOperator } from './window-aggregate.ts';

/** The operator that a plan names. `inputs`: schemas of its inputs, in their order. Sources and sinks are made by their connectors. */
export function createOperator(planned: PlannedOperator, inputs: readonly Schema[]): Operator {
  const { node, output } = planned;
  const input = present(inputs[0], `input of '${planned.title}'`);
  switch (node.kind) {
    case 'calc':
      return new CalcOperator(node, input, output);
    case 'watermark':
      return new WatermarkOperator(node, input);
    case 'window_aggregate':
      return new WindowAggregateOperator(node, input, output);
    case 'union':
      return new UnionOperator(inputs.length, output);
    default:
      throw new WeirError(
        'WEIR-2312',
        `'${planned.title}': a ${node.kind} is made by its connector, not here`,
      );
  }
}
