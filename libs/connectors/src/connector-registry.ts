import { nearestName } from '@weir/kernel/nearest-name.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { blackholeConnector } from './blackhole/blackhole-connector.ts';
import { confluentConnector } from './confluent/confluent-connector.ts';
import type { Connector } from './connector.ts';
import { discreetConnector } from './discreet-connector.ts';
import { kafkaConnector } from './kafka/kafka-connector.ts';
import { nexmarkConnector } from './nexmark/nexmark-connector.ts';
import { optionParts } from './options/option-parts.ts';
import { previewConnector } from './preview/preview-connector.ts';
import { singleFileConnector } from './single-file/single-file-connector.ts';
import { stdoutConnector } from './stdout/stdout-connector.ts';

/** Every connector of this version: adding one is a folder and a line here. */
export const connectors: readonly Connector[] = [
  kafkaConnector,
  confluentConnector,
  singleFileConnector,
  nexmarkConnector,
  blackholeConnector,
  stdoutConnector,
  previewConnector,
].map(discreetConnector);

/** Names of all options that some connector marks as secret. */
export const allSecretOptions: readonly string[] = [
  ...new Set(connectors.flatMap((connector) => optionParts(connector).secret)),
];

function connectorByName(name: string): Connector | undefined {
  return connectors.find((connector) => connector.name === name);
}

/** @throws WeirError WEIR-3003 naming the connectors that there are */
export function connectorNamed(name: string): Connector {
  const found = connectorByName(name);
  if (found !== undefined) return found;
  const names = connectors.map((connector) => connector.name);
  const nearest = nearestName(name, names);
  throw new WeirError('WEIR-3003', `there is no connector '${name}'`, {
    hint: nearest === undefined ? `use one of ${names.join(', ')}` : `did you mean '${nearest}'?`,
  });
}
