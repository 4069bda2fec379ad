import type { BusMessage } from './control-bus.ts';

/** Version of the envelope and of the messages inside that this code writes, and the only one that it reads. */
const envelopeVersion = 1;

/** What every message carries beside its bytes. */
export interface Envelope {
  /** Random; a repeat has the same, so that a receiver can tell it. */
  readonly messageId: string;
  readonly generation?: number;
  readonly epoch?: number;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

const headerOf = {
  version: 'weir-version',
  messageId: 'weir-message-id',
  generation: 'weir-generation',
  epoch: 'weir-epoch',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;

export function envelopeHeaders(envelope: Envelope): Record<string, string> {
  const headers: Record<string, string> = {
    [headerOf.version]: String(envelopeVersion),
    [headerOf.messageId]: envelope.messageId,
  };
  for (const name of ['generation', 'epoch', 'traceparent', 'tracestate'] as const) {
    const value = envelope[name];
    if (value !== undefined) headers[headerOf[name]] = String(value);
  }
  return headers;
}

/** The envelope of a message; undefined for one that isn't ours or of another version: receivers ignore those. */
export function readEnvelope(message: BusMessage): Envelope | undefined {
  const { headers } = message;
  const messageId = headers[headerOf.messageId];
  if (headers[headerOf.version] !== String(envelopeVersion) || messageId === undefined) return undefined;
  const generation = readCount(headers[headerOf.generation]);
  const epoch = readCount(headers[headerOf.epoch]);
  if (generation === null || epoch === null) return undefined;
  const { traceparent, tracestate } = headers;
  return {
    messageId,
    ...(generation !== undefined && { generation }),
    ...(epoch !== undefined && { epoch }),
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
  };
}

/** Null for text that is no number. */
function readCount(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
