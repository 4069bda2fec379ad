import type {
  StartTasksRequest,
  TailOutputResponse,
  TaskScope,
  WatchTasksResponse,
} from '@weir/wire/gen/weir/internal/v1/worker.ts';

/** What the coordinator asks of one worker process. Errors are WeirErrors; `retry` when it can't be reached. */
export interface WorkerClient {
  startTasks(request: StartTasksRequest): Promise<void>;
  /** `committedEpoch`: the generation's newest that is committed, or 0. */
  cancelTasks(scope: TaskScope, committedEpoch: number): Promise<void>;
  /** Until the stream ends (resolves), breaks (rejects) or `signal` is aborted (resolves). */
  watchTasks(
    scope: TaskScope,
    onEvent: (event: WatchTasksResponse) => void,
    signal: AbortSignal,
  ): Promise<void>;
  tailOutput(
    scope: TaskScope,
    sink: string,
    onRows: (rows: TailOutputResponse) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface WorkerClients {
  /** The client of the worker at `host:port`; connections are shared and kept. */
  at(address: string): WorkerClient;
  /** Gives up the connection to a worker that is gone, so that a next one at this address begins afresh. */
  drop(address: string): void;
  close(): void;
}
