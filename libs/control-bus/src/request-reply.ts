import { WeirError } from '@weir/kernel/errors.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { BusMessage, ControlBus } from './control-bus.ts';
import { envelopeHeaders, type Envelope } from './envelope.ts';
import { replySubject } from './subjects.ts';

const replyToHeader = 'weir-reply-to';

export interface Request {
  readonly cluster: string;
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly envelope?: Omit<Envelope, 'messageId'>;
  /** Default 200 ms. */
  readonly repeatEveryMs?: number;
  /** After this the request has failed. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Publishes a request, and again until it is answered: the responder may see it several times, always with the same message id.
 * @throws WeirError WEIR-6005 (disposition retry) when nobody answered in time; the signal's reason when it was aborted
 */
export async function request(bus: ControlBus, ports: Ports, what: Request): Promise<BusMessage> {
  const messageId = ports.rng.id(16);
  const replyTo = replySubject(what.cluster, messageId);
  const headers = { ...envelopeHeaders({ ...what.envelope, messageId }), [replyToHeader]: replyTo };
  const answer = Promise.withResolvers<BusMessage>();
  const abort = (): void => answer.reject(what.signal?.reason);
  const unsubscribe = bus.subscribe(replyTo, (message) => answer.resolve(message));
  const publish = (): void => bus.publish(what.subject, what.bytes, headers);
  const repeat = ports.timers.every(what.repeatEveryMs ?? 200, publish);
  const deadline = ports.timers.after(what.timeoutMs, () => answer.reject(unanswered(bus, what)));
  what.signal?.addEventListener('abort', abort, { once: true });
  if (what.signal?.aborted === true) abort();
  else publish();
  try {
    return await answer.promise;
  } finally {
    what.signal?.removeEventListener('abort', abort);
    deadline.cancel();
    repeat.cancel();
    unsubscribe();
  }
}

/** Answers requests; messages without a reply subject are left alone. Returns what ends it. */
export function respond(
  bus: ControlBus,
  pattern: string,
  answer: (message: BusMessage) => Uint8Array | Promise<Uint8Array>,
): () => void {
  return bus.subscribe(pattern, async (message) => {
    const replyTo = message.headers[replyToHeader];
    if (replyTo === undefined) return;
    const messageId = message.headers['weir-message-id'] ?? '';
    bus.publish(replyTo, await answer(message), envelopeHeaders({ messageId }));
  });
}

function unanswered(bus: ControlBus, { subject, timeoutMs }: Request): WeirError {
  const state = bus.connected ? '' : ', the bus is disconnected';
  return new WeirError(
    'WEIR-6005',
    `nobody answered ${subject} on ${bus.url} within ${timeoutMs} ms${state}`,
    {
      disposition: 'retry',
    },
  );
}
