import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, SpanContext } from '@opentelemetry/api';

export interface SpanOptions {
  /** W3C traceparent of the parent, from a message's headers or a ledger entry; without one: the active span, or a new trace. */
  readonly parent?: string | undefined;
  /** A new trace, whatever is active: an epoch is a trace of its own. */
  readonly root?: boolean;
  readonly attributes?: Attributes;
  readonly kind?: 'internal' | 'client' | 'server' | 'producer' | 'consumer';
  /** Milliseconds since 1970, for spans told after the fact. */
  readonly startTimeMs?: number;
}

/** One step of an epoch or one call: never one record. */
export interface OpenSpan {
  /** Goes into headers, so that the other side's spans join; empty when nothing is traced. */
  readonly traceparent: string;
  attribute(key: string, value: string | number | boolean): void;
  event(name: string, attributes?: Attributes): void;
  /** Runs `body` with this span active: log lines and spans within join it. */
  run<T>(body: () => T): T;
  end(outcome?: { readonly error?: unknown; readonly endTimeMs?: number }): void;
}

const kinds = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const tracer = trace.getTracer('weir');

/** Starts a span. Costs next to nothing while no exporter is set up. */
export function startSpan(name: string, options: SpanOptions = {}): OpenSpan {
  const parent = parentContext(options);
  const span = tracer.startSpan(
    name,
    {
      kind: kinds[options.kind ?? 'internal'],
      root: options.root ?? false,
      ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
      ...(options.startTimeMs === undefined ? {} : { startTime: options.startTimeMs }),
    },
    parent,
  );
  return openSpan(span, trace.setSpan(parent, span));
}

/** Runs `body` inside a span that ends with it, also when it throws. */
export async function withSpan<T>(
  name: string,
  options: SpanOptions,
  body: (span: OpenSpan) => Promise<T>,
): Promise<T> {
  const span = startSpan(name, options);
  try {
    const result = await span.run(() => body(span));
    span.end();
    return result;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}

/** The active span as a traceparent, or empty. */
export function activeTraceparent(): string {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? '' : formatTraceparent(span);
}

function parentContext(options: SpanOptions): Context {
  if (options.parent === undefined || options.parent === '') return context.active();
  const remote = parseTraceparent(options.parent);
  return remote === undefined ? context.active() : trace.setSpanContext(context.active(), remote);
}

/**
 * `00-<32 hex trace id>-<16 hex span id>-<2 hex flags>`, W3C Trace Context. Read here and not by the global propagator, which is
 * only there when an exporter is.
 */
export function parseTraceparent(text: string): SpanContext | undefined {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text);
  if (match === null) return undefined;
  return {
    traceId: match[1] ?? '',
    spanId: match[2] ?? '',
    traceFlags: parseInt(match[3] ?? '0', 16),
    isRemote: true,
  };
}

function formatTraceparent(span: SpanContext): string {
  if (!trace.isSpanContextValid(span)) return '';
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

function openSpan(span: Span, active: Context): OpenSpan {
  return {
    traceparent: formatTraceparent(span.spanContext()),
    attribute: (key, value) => void span.setAttribute(key, value),
    event: (name, attributes) => void span.addEvent(name, attributes),
    run: (body) => context.with(active, body),
    end(outcome) {
      if (outcome?.error !== undefined) {
        const { error } = outcome;
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({
          code: SpanStatusCode.ERROR,
          message: error instanceof Error ? error.message : String(error),
        });
      }
      span.end(outcome?.endTimeMs);
    },
  };
}
