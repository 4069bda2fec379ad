import { setTimeout as pause } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { WeirError } from '@weir/kernel/errors.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { ClusterServiceClient } from '@weir/wire/gen/weir/v1/cluster.ts';
import type { Worker } from '@weir/wire/gen/weir/v1/cluster.ts';
import { PipelineServiceClient, StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { callUnary, followStream } from '@weir/wire/grpc-call.ts';
import type { CallSettings, UnaryMethod } from '@weir/wire/grpc-call.ts';
import { grpcStatusOf } from '@weir/wire/grpc-error.ts';

/** States in the order of the API's numbers, as `weir` prints them. */
const states = 'unknown created starting running recovering stopping stopped finished failed halted'.split(
  ' ',
);

const askAgainMs = 50;

export interface NewPipeline {
  readonly name: string;
  readonly sql: string;
  readonly parallelism?: number;
  readonly checkpointInterval?: string;
}

/** What tools and tests ask of a controller. One that is down, or starts just now, is waited for like everything else. */
export class ClusterClient {
  readonly address: string;
  readonly #pipelines: PipelineServiceClient;
  readonly #cluster: ClusterServiceClient;

  constructor(address: string) {
    this.address = address;
    const { channel } = plainTransport();
    const options = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 200 };
    this.#pipelines = new PipelineServiceClient(address, channel, options);
    this.#cluster = new ClusterServiceClient(address, channel, options);
  }

  close(): void {
    this.#pipelines.close();
    this.#cluster.close();
  }

  /** @throws WeirError WEIR-9040 with every diagnostic when the SQL does not compile */
  async create(pipeline: NewPipeline): Promise<Pipeline> {
    const { name, sql, parallelism = 0, checkpointInterval = '' } = pipeline;
    const request = { name, sql, parallelism, checkpointInterval, doNotStart: false };
    const created = await this.#call(this.#pipelines.createPipeline.bind(this.#pipelines), request);
    if (created.pipeline !== undefined) return created.pipeline;
    const lines = created.diagnostics.map(
      ({ line, column, code, message, hint }) =>
        `${name}.sql:${line}:${column}: ${code} ${message}${hint === '' ? '' : ` (${hint})`}`,
    );
    throw new WeirError('WEIR-9040', `the SQL of '${name}' does not compile:\n${lines.join('\n')}`);
  }

  async start(name: string): Promise<void> {
    await this.#call(this.#pipelines.startPipeline.bind(this.#pipelines), { name });
  }

  /** Records the wish; see `untilState`. */
  async stop(name: string, mode: 'checkpoint' | 'immediate' = 'checkpoint'): Promise<void> {
    const stopMode = mode === 'checkpoint' ? StopMode.STOP_MODE_CHECKPOINT : StopMode.STOP_MODE_IMMEDIATE;
    await this.#call(this.#pipelines.stopPipeline.bind(this.#pipelines), { name, mode: stopMode });
  }

  /** Afterwards it is gone; one that isn't there is no error, since an attempt without an answer may have removed it. */
  async delete(name: string): Promise<void> {
    try {
      await this.#call(this.#pipelines.deletePipeline.bind(this.#pipelines), { name });
    } catch (error) {
      if (grpcStatusOf(error) !== status.NOT_FOUND) throw error;
    }
  }

  /** @throws WeirError when it isn't there or the controller can't be reached within `deadlineMs` */
  async get(name: string, deadlineMs = 2000): Promise<Pipeline> {
    const method = this.#pipelines.getPipeline.bind(this.#pipelines);
    const { pipeline } = await this.#call(method, { name }, deadlineMs);
    if (pipeline === undefined)
      throw new WeirError('WEIR-9041', `the controller knows no pipeline '${name}'`);
    return pipeline;
  }

  async list(): Promise<readonly Pipeline[]> {
    return (await this.#call(this.#pipelines.listPipelines.bind(this.#pipelines), {})).pipelines;
  }

  /** Workers that have registered. */
  async workers(): Promise<readonly Worker[]> {
    return (await this.#call(this.#cluster.getCluster.bind(this.#cluster), {})).workers;
  }

  /** Rows that sinks commit from now on, until `signal`. */
  tail(name: string, onRow: (row: string, table: string) => void, signal: AbortSignal): Promise<void> {
    const stream = this.#pipelines.tailPipeline({ name, table: '' });
    return followStream(
      stream,
      this.#target(),
      ({ rows, table }) => {
        for (const row of rows) onRow(row, table);
      },
      signal,
    );
  }

  /**
   * Waits until `condition` holds for the pipeline; a controller that does not answer counts as "not yet".
   * @throws WeirError WEIR-9001 after `deadlineMs`; WEIR-9042 with the pipeline's error once it has failed or halted
   */
  async until(
    name: string,
    what: string,
    condition: (pipeline: Pipeline) => boolean,
    deadlineMs = 60_000,
  ): Promise<Pipeline> {
    let last: Pipeline | undefined;
    const found = async () => {
      last = await this.get(name);
      return condition(last) && last;
    };
    try {
      return await waitUntil(found, {
        what: `pipeline '${name}' ${what}`,
        deadlineMs,
        giveUp: () => (last !== undefined && !condition(last) ? endedBadly(last) : undefined),
      });
    } catch (error) {
      if (last === undefined || !(error instanceof WeirError) || error.code !== 'WEIR-9001') throw error;
      const { problem } = last;
      const why = problem === undefined ? '' : `: ${problem.code} ${problem.message}`;
      const seen = `${stateName(last)}, epoch ${last.epoch}, committed ${last.committedEpoch}${why}`;
      throw new WeirError('WEIR-9001', `${error.message}; it is ${seen}`, { cause: error });
    }
  }

  untilState(name: string, state: string, deadlineMs?: number): Promise<Pipeline> {
    return this.until(name, `to be ${state}`, (pipeline) => stateName(pipeline) === state, deadlineMs);
  }

  /**
   * A controller that can't be reached is asked again until the deadline: whatever is asked here may be asked twice. What it answers, an error
   * too, is the answer.
   */
  async #call<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    deadlineMs = 60_000,
  ): Promise<Response> {
    const deadlineAtMs = Date.now() + deadlineMs;
    for (;;) {
      try {
        return await callUnary(method, request, { deadlineAtMs, ...this.#target() });
      } catch (error) {
        if (!isUnanswered(error) || Date.now() + askAgainMs >= deadlineAtMs) throw error;
        await pause(askAgainMs);
      }
    }
  }

  #target(): Pick<CallSettings, 'target' | 'whatToDo'> {
    return {
      target: `controller ${this.address}`,
      whatToDo: 'its log is in the folder of its cluster: it may have ended, or be starting still',
    };
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof WeirError && error.code === 'WEIR-8001';
}

/** `running`, `failed`, … */
export function stateName(pipeline: Pipeline): string {
  const number: number = pipeline.state;
  return states[number] ?? 'unknown';
}

/** The error of a pipeline that will not go on by itself. */
export function endedBadly(pipeline: Pipeline): WeirError | undefined {
  const state = stateName(pipeline);
  if (state !== 'failed' && state !== 'halted') return undefined;
  const { problem, name } = pipeline;
  const why = problem === undefined ? '' : `: ${problem.code} ${problem.message}`;
  return new WeirError('WEIR-9042', `pipeline '${name}' is ${state}${why}`, {
    ...(problem === undefined || problem.hint === '' ? {} : { hint: problem.hint }),
  });
}
