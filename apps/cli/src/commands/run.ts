import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { processAccess } from '@weir/connectors/process-access.ts';
import { createPipeline } from '@weir/coordinator/api/create-pipeline.ts';
import { wishStart, wishStop } from '@weir/coordinator/api/pipeline-wishes.ts';
import { watchPipeline } from '@weir/coordinator/api/watch-pipeline.ts';
import { openStore } from '@weir/object-store/open-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { Command, CommandInput } from '../command.ts';
import { diagnosticJson, diagnosticLines } from '../diagnostic-view.ts';
import { pipelineState } from '../pipeline-state.ts';
import { pipelineJson, pipelineLines, problemLines } from '../pipeline-text.ts';
import { Progress } from '../progress.ts';
import { startSingleProcess } from '../single-process.ts';
import type { SingleProcess } from '../single-process.ts';
import { readSql } from './apply.ts';

export const runCommand: Command = {
  usage: 'run FILE.sql [--store-url file:///FOLDER]',
  summary: 'run SQL in this process until its inputs end, or Ctrl-C',
  operands: [1, 1],
  settings: {
    json: { description: 'print JSON', kind: 'flag', environment: null },
    name: { description: 'name of the pipeline; from the file when left out', environment: null },
    parallelism: { description: 'subtasks of each stage', kind: 'integer', environment: null },
    'checkpoint-interval': { description: 'time between epochs', kind: 'duration', environment: null },
    'store-url': {
      description: 'keep checkpoints here, so that the next run goes on; without it every run begins anew',
      environment: null,
    },
    'files-dir': {
      description: 'folder below which single_file tables may read and write, instead of the working folder',
    },
    'sql-variables': {
      description: 'environment variables that options may name, by comma, * for any characters',
    },
    'log-level': { description: 'trace, debug, info, warn or error', default: 'warn' },
  },
  async run(input) {
    const sql = readSql(input.operands[0] ?? '');
    const given = input.values['store-url'];
    const scratch = given === undefined ? mkdtempSync(join(tmpdir(), 'weir-run-')) : undefined;
    const ports = systemPorts();
    const store = await openStore(given ?? pathToFileURL(scratch ?? '').href, ports.clock.nowMs());
    const parallelism = Number(input.values['parallelism'] ?? 0);
    const local = await startSingleProcess({
      ports,
      store,
      slots: Math.max(parallelism, 128),
      logLevel: input.values['log-level'] ?? 'warn',
      access: processAccess(process.env, {
        sqlVariables: input.values['sql-variables'],
        filesDir: input.values['files-dir'] ?? process.cwd(),
        secretVariables: [],
      }),
    });
    try {
      return await runPipeline(local, sql, parallelism, input);
    } finally {
      await local.stop();
      await store.close();
      if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
    }
  },
};

async function runPipeline(
  local: SingleProcess,
  sql: string,
  parallelism: number,
  input: CommandInput,
): Promise<number> {
  const file = input.operands[0] ?? '';
  const name = input.values['name'] ?? nameOf(file);
  const { record, created, diagnostics } = await createPipeline(local.coordinator, {
    name,
    sql,
    parallelism,
    checkpointInterval: input.values['checkpoint-interval'] ?? '',
    doNotStart: false,
  });
  const shown = diagnostics.map((diagnostic) => ({ ...diagnostic }));
  if (record === null) {
    if (input.json) process.stdout.write(`${JSON.stringify({ diagnostics: shown.map(diagnosticJson) })}\n`);
    else for (const line of diagnosticLines(shown, sql, file)) process.stderr.write(`${line}\n`);
    return 1;
  }
  if (!created) await wishStart(local.coordinator, name);
  return untilEnded(local.coordinator, name, input.json);
}

/** Ctrl-C and SIGTERM stop the pipeline with a last checkpoint; a second one ends at once. */
async function untilEnded(
  coordinator: SingleProcess['coordinator'],
  name: string,
  json: boolean,
): Promise<number> {
  let signalled = false;
  const stop = (): void => {
    if (signalled) process.exit(130);
    signalled = true;
    wishStop(coordinator, name, StopMode.STOP_MODE_CHECKPOINT).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const progress = new Progress(!json);
  const done = new AbortController();
  let last: Pipeline | undefined;
  await watchPipeline(
    coordinator,
    name,
    (pipeline) => {
      const state = pipelineState(pipeline);
      progress.show(
        `${name}: ${state}, epoch ${pipeline.committedEpoch} ${problemLines(pipeline).join(' ')}`,
      );
      if (!['finished', 'stopped', 'failed', 'halted'].includes(state) || done.signal.aborted) return;
      last = pipeline;
      done.abort();
    },
    done.signal,
  );
  progress.end();
  if (last === undefined) return 1;
  const state = pipelineState(last);
  const good = state === 'finished' || state === 'stopped';
  // Standard output may be a sink's: what is said about the pipeline goes to standard error.
  if (json) process.stderr.write(`${JSON.stringify(pipelineJson(last))}\n`);
  else process.stderr.write(`${pipelineLines(last, Date.now()).join('\n')}\n`);
  return good ? 0 : 1;
}

function nameOf(file: string): string {
  const name = basename(file)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return name === '' ? 'run' : name;
}
