import type { Connector, ConnectorContext, SinkContext, SubtaskContext } from '../connector.ts';
import { writtenRegistry } from '../registry-ref.ts';
import type { Sink } from '../sink.ts';
import type { Source } from '../source.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import { namesFile } from '../options/pem-option.ts';
import type { UnresolvedOptions } from './option-resolver.ts';
import { referredSecret } from './saved-option.ts';
import { lateSink, lateSource } from './late-connectors.ts';

/** True when some of its options lie elsewhere: in a profile, among the secrets of the store, in a file. */
function liesElsewhere({ options }: UnresolvedOptions): boolean {
  return Object.entries(options).some(
    ([option, value]) =>
      option === 'connection_profile' || referredSecret(value) !== undefined || namesFile(option, value),
  );
}

/** The table as its connector reaches it now. */
export async function resolved<N extends UnresolvedOptions>(node: N, context: ConnectorContext): Promise<N> {
  if (!liesElsewhere(node)) return node;
  return { ...node, options: await context.access.options.resolve(node) };
}

/** The table's source; undefined when the connector has none. Its options are looked up when it is opened. */
export function sourceOf(
  connector: Connector,
  node: SourceNode,
  context: SubtaskContext,
): Source | undefined {
  const create = connector.createSource?.bind(connector);
  if (create === undefined || !liesElsewhere(node)) return create?.(node, context);
  // Whoever asks the registry looks its secrets up himself: none goes to another process.
  const asWritten: SubtaskContext = {
    ...context,
    writerSchemas: ({ subject }) =>
      context.writerSchemas({ options: writtenRegistry(node.options), subject }),
  };
  return lateSource(async () => create(await resolved(node, context), asWritten));
}

/** The table's sink; undefined when the connector has none. Its options are looked up when it is opened. */
export function sinkOf(connector: Connector, node: SinkNode, context: SinkContext): Sink | undefined {
  const create = connector.createSink?.bind(connector);
  if (create === undefined || !liesElsewhere(node)) return create?.(node, context);
  return lateSink(async () => create(await resolved(node, context), context));
}
