import type { ChannelCredentials } from '@grpc/grpc-js';
import type { Clock } from '@weir/kernel/ports.ts';
import { WorkerServiceClient } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { internalLimits } from '@weir/wire/call-limits.ts';
import { callUnary, followStream } from '@weir/wire/grpc-call.ts';
import { activeTraceparent } from '@weir/telemetry/spans.ts';
import type { WorkerClient, WorkerClients } from './worker-client.ts';

const startDeadlineMs = 20_000;
const cancelDeadlineMs = 2_000;

/** Clients over gRPC, with the channel credentials of SecureTransport. Keepalives notice a machine that vanished without closing its connections. */
export function grpcWorkerClients(clock: Clock, channel: ChannelCredentials): WorkerClients {
  const open = new Map<string, WorkerServiceClient>();
  const clientAt = (address: string): WorkerServiceClient => {
    let client = open.get(address);
    if (client === undefined) {
      client = new WorkerServiceClient(address, channel, {
        'grpc.max_receive_message_length': internalLimits.sendBytes,
        'grpc.max_send_message_length': internalLimits.receiveBytes,
        'grpc.keepalive_time_ms': 10_000,
        'grpc.keepalive_timeout_ms': 3_000,
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.max_reconnect_backoff_ms': 1_000,
        'grpc.enable_retries': 0,
      });
      open.set(address, client);
    }
    return client;
  };
  return {
    at: (address) => workerClient(clientAt(address), address, clock),
    drop(address) {
      open.get(address)?.close();
      open.delete(address);
    },
    close() {
      for (const client of open.values()) client.close();
      open.clear();
    },
  };
}

function workerClient(client: WorkerServiceClient, address: string, clock: Clock): WorkerClient {
  const settings = (call: string, deadlineMs: number) => {
    const traceparent = activeTraceparent();
    return {
      deadlineAtMs: clock.nowMs() + deadlineMs,
      target: `worker ${address} ${call}`,
      ...(traceparent === '' ? {} : { headers: { traceparent } }),
    };
  };
  return {
    async startTasks(request) {
      await callUnary(client.startTasks.bind(client), request, settings('StartTasks', startDeadlineMs));
    },
    async cancelTasks(scope, committedEpoch) {
      const request = { scope, committedEpoch };
      await callUnary(client.cancelTasks.bind(client), request, settings('CancelTasks', cancelDeadlineMs));
    },
    watchTasks: (scope, onEvent, signal) =>
      followStream(client.watchTasks({ scope }), `worker ${address} WatchTasks`, onEvent, signal),
    tailOutput: (scope, sink, onRows, signal) =>
      followStream(client.tailOutput({ scope, sink }), `worker ${address} TailOutput`, onRows, signal),
  };
}
