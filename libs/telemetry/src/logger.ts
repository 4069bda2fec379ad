import { trace } from '@opentelemetry/api';
import { destination as openDestination, pino } from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** `controller`, `worker`, `schema-service`. */
  readonly service: string;
  /** trace, debug, info (default), warn, error; WEIR_LOG_LEVEL. */
  readonly level?: string | undefined;
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream;
}

/** Keys whose values never reach a log, wherever they stand in an object. */
const secretPaths = ['password', 'secret', 'api_secret', 'bearer_token', 'client_secret'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
]);

/** One JSON object a line; lines written inside a span carry its trace_id and span_id. */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service, pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: '[secret]' },
      mixin() {
        const span = trace.getActiveSpan()?.spanContext();
        return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
      },
    },
    options.destination ?? openDestination({ dest: 1, sync: true }),
  );
}
