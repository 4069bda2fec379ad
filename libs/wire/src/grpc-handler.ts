import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { callerOf, type Caller } from './caller.ts';
import { toServiceError } from './grpc-error.ts';

/**
 * A unary handler from an async function: what it throws is answered as a status with our code and hint. `signal` is aborted when
 * the client has gone or cancelled.
 */
export function unaryHandler<Request, Response>(
  handle: (request: Request, caller: Caller, signal: AbortSignal) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    void (async () => handle(call.request, callerOf(call.metadata), gone.signal))().then(
      (response) => callback(null, response),
      (error: unknown) => callback(toServiceError(error), null),
    );
  };
}

/**
 * A server-streaming handler from an async function: its end ends the stream, what it throws breaks the stream with a
 * status. `signal` is aborted when the client has gone or cancelled.
 */
export function streamHandler<Request, Response>(
  handle: (
    request: Request,
    stream: ServerWritableStream<Request, Response>,
    signal: AbortSignal,
    caller: Caller,
  ) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (stream) => {
    const gone = new AbortController();
    stream.on('cancelled', () => gone.abort());
    stream.on('close', () => gone.abort());
    stream.on('error', () => gone.abort());
    void (async () => handle(stream.request, stream, gone.signal, callerOf(stream.metadata)))().then(
      () => stream.end(),
      (error: unknown) => {
        if (!gone.signal.aborted) stream.emit('error', toServiceError(error));
      },
    );
  };
}
