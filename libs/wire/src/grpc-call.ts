import { Metadata } from '@grpc/grpc-js';
import type { CallOptions, ClientReadableStream, ClientUnaryCall, ServiceError } from '@grpc/grpc-js';
import { fromServiceError } from './grpc-error.ts';

/** A unary method of a generated client, bound: `client.startTasks.bind(client)`. */
export type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

export interface CallSettings {
  /** Wall time, ms since 1970, at which the call is given up with WEIR-8001 (`clock.nowMs() + 5000`). */
  readonly deadlineAtMs: number;
  /** Who is called, for messages: `worker 127.0.0.1:4711 StartTasks`. */
  readonly target: string;
  /** For whoever reads that it can't be reached: `start it with weir up`. */
  readonly whatToDo?: string;
  /** Text headers, e.g. `{ traceparent }`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * One unary call.
 * @throws WeirError: the other side's own, or WEIR-8001 / WEIR-8002 (see fromServiceError)
 */
export function callUnary<Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: Request,
  settings: CallSettings,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const abort = (): void => call.cancel();
    const call = method(
      request,
      metadataOf(settings.headers),
      { deadline: settings.deadlineAtMs },
      (error, response) => {
        settings.signal?.removeEventListener('abort', abort);
        if (error) reject(fromServiceError(error, settings.target, settings.whatToDo));
        else resolve(response);
      },
    );
    if (settings.signal?.aborted) abort();
    else settings.signal?.addEventListener('abort', abort, { once: true });
  });
}

function metadataOf(headers: Readonly<Record<string, string>> = {}): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return metadata;
}

/** Who is called, as in CallSettings. */
export type StreamTarget = string | Pick<CallSettings, 'target' | 'whatToDo'>;

/**
 * Follows a server-stream to its end. Resolves when the server ended it with OK or `signal` was aborted.
 * @throws WeirError when it breaks or `onMessage` throws
 */
export function followStream<Response>(
  stream: ClientReadableStream<Response>,
  from: StreamTarget,
  onMessage: (response: Response) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { target, whatToDo } = typeof from === 'string' ? { target: from } : from;
  return new Promise((resolve, reject) => {
    const stop = (): void => stream.cancel();
    const finish = (error: unknown): void => {
      signal?.removeEventListener('abort', stop);
      if (error === undefined || signal?.aborted) resolve();
      else reject(fromServiceError(error, target, whatToDo));
    };
    stream.on('data', (message: Response) => {
      try {
        onMessage(message);
      } catch (error) {
        finish(error);
        stream.cancel();
      }
    });
    stream.on('end', () => finish(undefined));
    stream.on('error', finish);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
