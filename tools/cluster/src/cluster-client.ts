import { WeirError } from '@weir/kernel/errors.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { ClusterServiceClient } from '@weir/wire/gen/weir/v1/cluster.ts';
import type { Worker } from '@weir/wire/gen/weir/v1/cluster.ts';
import { PipelineServiceClient, StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { callUnary, followStream } from '@weir/wire/grpc-call.ts';
import type { UnaryMethod } from '@weir/wire/grpc-call.ts';

/** States in the order of the API's numbers, as `weir` prints them. */
const states = 'unknown created starting running recovering stopping stopped finished failed halted'.split(
  ' ',
);

export interface NewPipeline {
  readonly name: string;
  readonly sql: string;
  readonly parallelism?: number;
  readonly checkpointInterval?: string;
}

/** What tools and tests ask of a controller. A controller that is down is asked again soon after it is back. */
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

  async delete(name: string): Promise<void> {
    await this.#call(this.#pipelines.deletePipeline.bind(this.#pipelines), { name });
  }

  /** @throws WeirError when it isn't there or no controller answers within `deadlineMs` */
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
    return (await this.#call(this.#cluster.getCluster.bind(this.#cluster), {}, 2000)).workers;
  }

  /** Rows that sinks commit from now on, until `signal`. */
  tail(name: string, onRow: (row: string, table: string) => void, signal: AbortSignal): Promise<void> {
    const stream = this.#pipelines.tailPipeline({ name, table: '' });
    return followStream(
      stream,
      `controller ${this.address}`,
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

  #call<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    deadlineMs = 60_000,
  ): Promise<Response> {
    return callUnary(method, request, {
      deadlineAtMs: Date.now() + deadlineMs,
      target: `controller ${this.address}`,
    });
  }
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
