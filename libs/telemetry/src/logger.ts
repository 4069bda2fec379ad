import { trace } from '@opentelemetry/api';
import { destination as openDestination, pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** `controller`, `worker`, `schema-service`. */
  readonly service: string;
  /** trace, debug, info (default), warn, error; WEIR_LOG_LEVEL. */
  readonly level?: string | undefined;
  /** Names of options (`auth.password`) whose values never reach a log, wherever they stand in its fields. */
  readonly secretOptions?: readonly string[];
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream;
}

/** One JSON object a line; lines written inside a span carry its trace_id and span_id. */
export function createLogger(options: LoggerOptions): Logger {
  const secrets = new Set(options.secretOptions);
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      messageKey: 'message',
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => withoutSecrets(fields, secrets, '') as Record<string, unknown>,
      },
      mixin() {
        const span = trace.getActiveSpan()?.spanContext();
        return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
      },
    },
    options.destination ?? openDestination({ dest: 1, sync: true }),
  );
}

/** Options stand flat (`{ 'auth.password': … }`) or in objects (`{ auth: { password: … } }`), at any depth. */
function withoutSecrets(value: unknown, secrets: ReadonlySet<string>, path: string): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => withoutSecrets(each, secrets, path));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const inner = path === '' ? key : `${path}.${key}`;
      const secret = secrets.has(key) || secrets.has(inner) || isEndOf(inner, secrets);
      return [key, secret ? '[secret]' : withoutSecrets(each, secrets, inner)];
    }),
  );
}

function isEndOf(path: string, secrets: ReadonlySet<string>): boolean {
  for (const secret of secrets) if (path.endsWith(`.${secret}`)) return true;
  return false;
}
