import { connectorNamed } from '@weir/connectors/connector-registry.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { createOperator } from '@weir/operators/create-operator.ts';
import type { ExchangeClients, TaskComponents } from './task-environment.ts';

/** What every worker has: all connectors, operators and formats of this version. */
export function standardComponents(exchangeClient: ExchangeClients): TaskComponents {
  return {
    connector: connectorNamed,
    makeOperator: createOperator,
    jsonFormat: formatNamed('json'),
    exchangeClient,
  };
}
