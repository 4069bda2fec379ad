import type { ServerWritableStream } from '@grpc/grpc-js';
import { describeError } from '@weir/kernel/errors.ts';
import type { Timers } from '@weir/kernel/ports.ts';
import { streamHandler, unaryHandler } from '@weir/wire/grpc-handler.ts';
import { PacedRows, NewestStates } from '@weir/wire/paced-stream.ts';
import type { GrpcService } from '@weir/wire/grpc-server.ts';
import {
  WorkerServiceService,
  type OperatorStats,
  type TailOutputRequest,
  type TailOutputResponse,
  type WatchTasksRequest,
  type WatchTasksResponse,
  type WorkerServiceServer,
} from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { sameStats } from './subtask-stats.ts';
import type { WorkerGenerations } from './worker-generations.ts';

const statsEveryMs = 1000;
/** Of rows under way to one who looks. */
const tailedCharacters = 4 * 1024 * 1024;

/** weir.internal.v1.WorkerService over the tasks of a worker. */
export function workerService(tasks: WorkerGenerations, timers: Timers): GrpcService {
  const implementation: WorkerServiceServer = {
    startTasks: unaryHandler((request) => {
      tasks.start(request);
      return {};
    }),
    cancelTasks: unaryHandler(async (request) => {
      await tasks.cancel(request.scope, request.committedEpoch);
      return {};
    }),
    watchTasks: streamHandler((request, stream, gone) => watchTasks(tasks, timers, request, stream, gone)),
    tailOutput: streamHandler((request, stream, gone) => tailOutput(tasks, request, stream, gone)),
  };
  return { definition: WorkerServiceService, implementation };
}

/** Ends when the tasks have ended, or the watcher has gone. */
async function watchTasks(
  tasks: WorkerGenerations,
  timers: Timers,
  request: WatchTasksRequest,
  stream: ServerWritableStream<WatchTasksRequest, WatchTasksResponse>,
  gone: AbortSignal,
): Promise<void> {
  const generation = tasks.find(request.scope);
  const send = (event: NonNullable<WatchTasksResponse['event']>): void => void stream.write({ event });
  // Figures go as fast as they are read; that tasks run or have failed is said once each.
  const figures = new NewestStates<WatchTasksResponse>(stream);
  let sent: readonly OperatorStats[] = [];
  const sendStats = (): void => {
    const operators = generation.stats();
    if (sameStats(operators, sent)) return;
    sent = operators;
    figures.offer({ event: { $case: 'stats', value: { operators } } });
  };
  const leave = generation.attendance.follow();
  const ticks = timers.every(statsEveryMs, () => {
    if (generation.isRunning && !generation.isStopping) sendStats();
  });
  await new Promise<void>((resolve) => {
    const unlisten = generation.listen({
      running: () => send({ $case: 'running', value: {} }),
      failed: ({ subtask, error }) => {
        const { code, hint = '', disposition, cause } = error;
        const because = cause === undefined ? '' : `: ${describeError(cause)}`;
        const message = `${error.message}${because}`;
        send({ $case: 'failure', value: { subtask, code, message, hint, disposition } });
      },
      stopping: () => {
        if (generation.isRunning && generation.failure === null) sendStats();
      },
      stopped: resolve,
    });
    gone.addEventListener(
      'abort',
      () => {
        unlisten();
        resolve();
      },
      { once: true },
    );
  });
  ticks.cancel();
  leave();
}

async function tailOutput(
  tasks: WorkerGenerations,
  request: TailOutputRequest,
  stream: ServerWritableStream<TailOutputRequest, TailOutputResponse>,
  gone: AbortSignal,
): Promise<void> {
  const generation = tasks.find(request.scope);
  // Whoever reads too slowly misses rows, and is told how many.
  const shown = new PacedRows<TailOutputResponse>(stream, tailedCharacters);
  const end = generation.tail((operator, { table, epoch, rows, skipped }) => {
    if (request.sink !== '' && request.sink !== operator) return;
    shown.offer({ table, epoch, rows: [...rows], skipped: BigInt(skipped) });
  });
  await new Promise<void>((resolve) => {
    const unlisten = generation.listen({ running: () => {}, failed: () => {}, stopped: resolve });
    gone.addEventListener('abort', () => {
      unlisten();
      resolve();
    });
  });
  end();
}
