import type { ServiceError } from '@grpc/grpc-js';
import type { WorkerClient, WorkerClients } from '@weir/coordinator/workers/worker-client.ts';
import type { ExchangeClient } from '@weir/task-runtime/exchange/exchange-pull.ts';
import type { ExchangeClients } from '@weir/task-runtime/task-host/task-environment.ts';
import type { WatchTasksResponse, TailOutputResponse } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { callUnary, followStream, type UnaryMethod } from '@weir/wire/grpc-call.ts';
import { decodeChannelMessage, encodeChannelMessage } from '@weir/wire/exchange-stream.ts';
import type { ChannelMessage } from '@weir/wire/exchange-stream.ts';
import type { SimClientStream, SimGrpc } from './sim-grpc.ts';
import type { SimProcess } from '@weir/testkit/sim-process.ts';
import { simEpochMs } from '@weir/testkit/sim-world.ts';

const startDeadlineMs = 20_000;
const cancelDeadlineMs = 2_000;

function unaryOf<Request, Response>(
  grpc: SimGrpc,
  from: SimProcess,
  address: string,
  method: string,
): UnaryMethod<Request, Response> {
  type Callback = (error: ServiceError | null, response: Response) => void;
  const call = (
    request: Request,
    _metadata: unknown,
    options: { deadline?: unknown },
    callback: Callback,
  ) => {
    const leftMs = Number(options.deadline) - simEpochMs - grpc.world.nowMs;
    return grpc.unary<Response>(from, address, method, request, leftMs, callback);
  };
  return call as unknown as UnaryMethod<Request, Response>;
}

/** The coordinator's clients, as in libs/coordinator/workers/grpc-worker-clients.ts, over simulated gRPC. */
export function simWorkerClients(grpc: SimGrpc, from: SimProcess): WorkerClients {
  const settings = (address: string, call: string, deadlineMs: number) => ({
    deadlineAtMs: from.ports.clock.nowMs() + deadlineMs,
    target: `worker ${address} ${call}`,
  });
  const streamOf = (address: string, method: string, request: unknown) =>
    grpc.stream(from, address, method, request) as unknown as never;
  const at = (address: string): WorkerClient => ({
    async startTasks(request) {
      await callUnary(
        unaryOf(grpc, from, address, 'startTasks'),
        request,
        settings(address, 'StartTasks', startDeadlineMs),
      );
    },
    async cancelTasks(scope, committedEpoch) {
      await callUnary(
        unaryOf(grpc, from, address, 'cancelTasks'),
        { scope, committedEpoch },
        settings(address, 'CancelTasks', cancelDeadlineMs),
      );
    },
    watchTasks: (scope, onEvent, signal) =>
      followStream<WatchTasksResponse>(
        streamOf(address, 'watchTasks', { scope }),
        `worker ${address} WatchTasks`,
        onEvent,
        signal,
      ),
    tailOutput: (scope, sink, onRows, signal) =>
      followStream<TailOutputResponse>(
        streamOf(address, 'tailOutput', { scope, sink }),
        `worker ${address} TailOutput`,
        onRows,
        signal,
      ),
  });
  return { at, drop: (address) => grpc.drop(from, address), close: () => {} };
}

/** The exchange's clients. Every message is encoded and decoded, as on the wire. */
export function simExchangeClients(grpc: SimGrpc, from: SimProcess): ExchangeClients {
  return (address) => {
    const streams: SimClientStream[] = [];
    const client = {
      pullFrames(request: unknown): SimClientStream {
        const stream = grpc.stream(from, address, 'pullFrames', request);
        streams.push(stream);
        const emit = stream.emit.bind(stream);
        stream.emit = (event: string | symbol, ...args: unknown[]): boolean =>
          emit(event, ...(event === 'data' ? [decodeChannelMessage(args[0] as Uint8Array)] : args));
        stream.encode = (message) => encodeChannelMessage(message as ChannelMessage);
        return stream;
      },
      grantCredits: unaryOf(grpc, from, address, 'grantCredits'),
      close: () => streams.forEach((stream) => stream.cancel()),
    };
    return client as unknown as ExchangeClient;
  };
}
