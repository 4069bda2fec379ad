import { connectorNamed } from '@weir/connectors/connector-registry.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { CalcOperator } from '@weir/operators/calc.ts';
import { UnionOperator } from '@weir/operators/union.ts';
import { WatermarkOperator } from '@weir/operators/watermark.ts';
import type { OperatorFactory } from '../record-path/operator-chain.ts';
import type { TaskComponents } from './task-environment.ts';

const makeOperator: OperatorFactory = ({ node, output }, inputs) => {
  const input = present(inputs[0], 'an input');
  switch (node.kind) {
    case 'calc':
      return new CalcOperator(node, input, output);
    case 'union':
      return new UnionOperator(inputs.length, output);
    case 'watermark':
      return new WatermarkOperator(node, input);
    default:
      throw new WeirError('WEIR-7241', `this worker has no operator '${node.kind}'`);
  }
};

/** What every worker has: all connectors, operators and formats of this version. */
export function standardComponents(): TaskComponents {
  return { connector: connectorNamed, makeOperator, jsonFormat: formatNamed('json') };
}
