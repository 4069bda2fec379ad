import { connectorNamed } from '@weir/connectors/connector-registry.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { createOperator } from '@weir/operators/create-operator.ts';
import type { TaskComponents } from './task-environment.ts';

/** What every worker has: all connectors, operators and formats of this version. */
export function standardComponents(
  reached: Pick<TaskComponents, 'exchangeClient' | 'writerSchemas'>,
): TaskComponents {
  return {
    ...reached,
    connector: connectorNamed,
    makeOperator: createOperator,
    jsonFormat: formatNamed('json'),
  };
}
