import type { Connector, ConnectorContext, ConnectorLog } from './connector.ts';
import { discreet, discreetly, eventuallyDiscreet } from './options/discreet.ts';
import { maskData, optionMask, type Mask } from './options/option-mask.ts';
import { optionParts } from './options/option-parts.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';

interface Table {
  readonly options: Readonly<Record<string, string>>;
}

/**
 * The connector, of which no error, log line or status text shows what variables hold and what options mark as a secret. A table that has
 * neither is used as it is.
 */
export function discreetConnector(connector: Connector): Connector {
  const secrets = optionParts(connector).secret;
  const maskOf = (node: Table, context: ConnectorContext): Mask | null =>
    optionMask(secrets, node.options, context.access.variables);
  /** Runs what makes or asks something of a table. */
  const within = <T, N extends Table, C extends ConnectorContext>(
    call: ((node: N, context: C) => T) | undefined,
    wrap: (made: T, mask: Mask) => T,
  ): ((node: N, context: C) => T) | undefined => {
    if (call === undefined) return undefined;
    return (node, context) => {
      const mask = maskOf(node, context);
      if (mask === null) return call(node, context);
      return discreetly(
        () => wrap(call(node, { ...context, log: discreetLog(context.log, mask) }), mask),
        mask,
      );
    };
  };
  const asked = <T>(answer: Promise<T>, mask: Mask): Promise<T> => eventuallyDiscreet(answer, mask);
  return withoutUndefined({
    ...connector,
    resolveStart: within(connector.resolveStart?.bind(connector), asked),
    checkSink: within(connector.checkSink?.bind(connector), asked),
    createSource: within(connector.createSource?.bind(connector), discreetSource),
    createSink: within(connector.createSink?.bind(connector), (sink: Sink, mask) => discreet(sink, mask)),
    createRecovery: within(connector.createRecovery?.bind(connector), (recovery, mask) =>
      discreet(recovery, mask),
    ),
  });
}

/** Splits are named by topics, and so are what the checkpoints hold: of statistics only texts for people are changed. */
function discreetSource(source: Source, mask: Mask): Source {
  return discreet(source, mask, {
    stats: (answer) => {
      const { warnings, ...rest } = answer as ReturnType<Source['stats']>;
      return warnings === undefined ? rest : { ...rest, warnings: maskData(warnings, mask) };
    },
  });
}

function discreetLog(log: ConnectorLog, mask: Mask): ConnectorLog {
  return {
    info: (fields, message) => log.info(maskData(fields, mask), mask(message)),
    warn: (fields, message) => log.warn(maskData(fields, mask), mask(message)),
  };
}

/** Optional members are left out rather than there as undefined. */
function withoutUndefined(connector: { [K in keyof Connector]: Connector[K] | undefined }): Connector {
  return Object.fromEntries(
    Object.entries(connector).filter(([, value]) => value !== undefined),
  ) as unknown as Connector;
}
