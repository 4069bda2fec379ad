import { readFileSync } from 'node:fs';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Diagnostic, Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { followStream } from '@weir/wire/grpc-call.ts';
import { clientSettings } from '../command.ts';
import type { Command, CommandInput } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { diagnosticJson, diagnosticLines } from '../diagnostic-view.ts';
import { pipelineState } from '../pipeline-state.ts';
import type { StateName } from '../pipeline-state.ts';
import { pipelineJson, pipelineLines, problemLines } from '../pipeline-text.ts';
import { Progress } from '../progress.ts';

export const applyCommand: Command = {
  usage: 'apply FILE.sql --name N [--parallelism P] [--checkpoint-interval 200ms]',
  summary: 'create a pipeline from SQL and start it; without --name save the profiles and tables of the file',
  operands: [1, 1],
  settings: {
    ...clientSettings,
    name: { description: 'name of the pipeline', environment: null },
    parallelism: { description: 'subtasks of each stage', kind: 'integer', environment: null },
    'checkpoint-interval': { description: 'time between epochs', kind: 'duration', environment: null },
  },
  async run(input) {
    const client = new ControllerClient(input.values['controller'] ?? '');
    try {
      return await apply(client, input);
    } finally {
      client.close();
    }
  },
};

async function apply(client: ControllerClient, input: CommandInput): Promise<number> {
  const name = input.values['name'];
  if (name === undefined) return applyDefinitions(client, input);
  const sql = readSql(input.operands[0] ?? '');
  const created = await client.call(client.pipelines.createPipeline.bind(client.pipelines), {
    name,
    sql,
    parallelism: Number(input.values['parallelism'] ?? 0),
    checkpointInterval: input.values['checkpoint-interval'] ?? '',
    doNotStart: false,
  });
  if (created.pipeline === undefined) return refused(created.diagnostics, sql, input);
  if (!created.created) {
    const state = pipelineState(created.pipeline);
    if (state === 'stopped' || state === 'failed' || state === 'created') {
      await client.call(client.pipelines.startPipeline.bind(client.pipelines), { name });
    }
  }
  return untilRunning(client, name, input.json);
}

/** A text without INSERT: what it defines is saved. */
async function applyDefinitions(client: ControllerClient, input: CommandInput): Promise<number> {
  const sql = readSql(input.operands[0] ?? '');
  const { connections } = client;
  const { applied, diagnostics } = await client.call(connections.applyDefinitions.bind(connections), { sql });
  if (applied.length === 0) return refused(diagnostics, sql, input);
  if (input.json) process.stdout.write(`${JSON.stringify({ applied })}\n`);
  else
    for (const { kind, name, changed } of applied)
      process.stdout.write(`${kind} ${name}: ${changed ? 'saved' : 'is there already, the same'}\n`);
  return 0;
}

function refused(diagnostics: readonly Diagnostic[], sql: string, input: CommandInput): number {
  if (input.json) {
    process.stdout.write(
      `${JSON.stringify({ created: false, diagnostics: diagnostics.map(diagnosticJson) })}\n`,
    );
  } else {
    for (const line of diagnosticLines(diagnostics, sql, input.operands[0] ?? ''))
      process.stderr.write(`${line}\n`);
  }
  return 1;
}

/** A wish to start is acted on this soon: an ended state that is shown for longer is the outcome, not what was before. */
const settleMs = 10_000;
const endedStates: ReadonlySet<StateName> = new Set(['created', 'stopped', 'failed', 'halted']);

/**
 * Follows the pipeline until it runs (0), has finished (0) or can't (1).
 * @param after the generation that had finished before: its end is not the outcome
 */
export async function untilRunning(
  client: ControllerClient,
  name: string,
  json: boolean,
  after = -1,
): Promise<number> {
  const progress = new Progress(!json);
  const done = new AbortController();
  let first: StateName | undefined;
  let last: Pipeline | undefined;
  const settled = setTimeout(() => {
    if (last !== undefined && endedStates.has(pipelineState(last))) done.abort();
  }, settleMs);
  await followStream(
    client.pipelines.watchPipeline({ name }),
    client.target,
    ({ pipeline }) => {
      if (pipeline === undefined || done.signal.aborted) return;
      last = pipeline;
      const state = pipelineState(pipeline);
      first ??= state;
      const waiting = problemLines(pipeline).join(' ').trim();
      progress.show(`${name}: ${state}${waiting === '' ? '' : ` (${waiting})`}`);
      const ended = endedStates.has(state) && state !== first;
      const finished = state === 'finished' && pipeline.generation > after;
      if (state === 'running' || finished || ended) done.abort();
    },
    done.signal,
  );
  clearTimeout(settled);
  progress.end();
  if (last === undefined) return 1;
  const lines = pipelineLines(last, Date.now());
  process.stdout.write(json ? `${JSON.stringify(pipelineJson(last))}\n` : `${lines.join('\n')}\n`);
  return endedStates.has(pipelineState(last)) ? 1 : 0;
}

export function readSql(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new WeirError('WEIR-8203', `the file ${path} can't be read`, { cause });
  }
}
