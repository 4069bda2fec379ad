import { defaultKeyGroups } from '@weir/columnar/key-groups.ts';
import { referredSecret } from '@weir/connectors/connections/saved-option.ts';
import { textDigest } from '@weir/connectors/connections/text-digest.ts';
import { formatDurationMs, parseDurationMs } from '@weir/kernel/durations.ts';
import { isName } from '@weir/kernel/is-name.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { redactSql, type SecretOptions } from '@weir/sql/redact-sql.ts';
import type { CreatePipelineRequest } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { CompileDiagnostic } from '../compile/pipeline-compiler.ts';
import { checkUsesStay, usesOf } from '../connections/connection-uses.ts';
import { secretNames } from '../connections/put-profile.ts';
import { TextSecrets } from '../connections/text-secrets.ts';
import type { Coordinator } from '../coordinator.ts';
import { planOfFirstStart, started } from './first-start.ts';
import { refuseSharedProgress } from './refuse-same-progress.ts';
import { registerCreated } from './register-created.ts';
import { registrationsOf } from '../registration/registrations.ts';
import { nameTaken, wrongArgument, wrongState } from './api-errors.ts';

const leastIntervalMs = 20;
const defaultIntervalMs = 1000;

/** Characters of an SQL text. */
const longestSql = 1024 * 1024;

/** @throws GrpcStatusError INVALID_ARGUMENT for a text that is longer than what is compiled */
export function checkSqlSize(sql: string): void {
  if (sql.length <= longestSql) return;
  throw wrongArgument(
    `the SQL text has ${sql.length} characters, ${longestSql} is the most`,
    'make several pipelines of it',
  );
}

export interface Creation {
  /** Null when the text doesn't compile. */
  readonly record: PipelineRecord | null;
  readonly created: boolean;
  readonly diagnostics: readonly CompileDiagnostic[];
}

/** Creates a pipeline; the same name and text again is a success. */
export async function createPipeline(
  coordinator: Coordinator,
  request: CreatePipelineRequest,
): Promise<Creation> {
  const { catalog, connections, ports } = coordinator.context;
  checkSqlSize(request.sql);
  if (!isName(request.name)) {
    throw wrongArgument(
      `'${request.name}' can't be the name of a pipeline`,
      'use lower case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit',
    );
  }
  const intervalMs =
    request.checkpointInterval === '' ? null : checkedInterval(parseDurationMs(request.checkpointInterval));
  const there = await catalog.get(request.name);
  if (there !== undefined) return sameAgain(coordinator, there, request, intervalMs);
  const id = ports.rng.id(10);
  const secrets = new TextSecrets(connections.vault, id, (name) => secretNames(coordinator.context, name));
  try {
    const outcome = await compileAndCreate(coordinator, { ...request, id, intervalMs }, secrets);
    if (outcome.record?.id !== id) await secrets.forget();
    return outcome;
  } catch (error) {
    await secrets.forget();
    throw error;
  }
}

interface NewPipeline extends CreatePipelineRequest {
  readonly id: string;
  readonly intervalMs: number | null;
}

async function compileAndCreate(
  coordinator: Coordinator,
  request: NewPipeline,
  secrets: TextSecrets,
): Promise<Creation> {
  const { context } = coordinator;
  const compiled = await context.compiler.compile(request.sql, secrets);
  const { valid, plan, diagnostics } = compiled;
  if (valid && plan === null) {
    throw wrongArgument(
      'the text only asks (EXPLAIN, DESCRIBE, SHOW): there is nothing to run',
      'weir explain answers it',
    );
  }
  if (plan === null) return { record: null, created: false, diagnostics };
  const uses = await usesOf(context, plan, compiled.savedTables ?? []);
  const record = newRecord(coordinator, request, plan, {
    sql: secrets.inText(request.sql),
    sqlDigest: textDigest(request.id, request.sql),
    explain: compiled.explain,
    uses,
  });
  await refuseSharedProgress(coordinator, record);
  coordinator.createdHere(record.id);
  const outcome = await context.catalog.create(record);
  if (!outcome.created) return sameAgain(coordinator, outcome.record, request, request.intervalMs);
  try {
    await checkUsesStay(context, uses);
    await refuseSharedProgress(coordinator, record);
  } catch (error) {
    // What it uses goes away, or another that shares its progress came at the same moment: it goes, in order, since it may be under way.
    await context.catalog.update(record.name, (there) =>
      there.id === record.id ? { ...there, desired: { kind: 'deleted' } } : undefined,
    );
    throw error;
  }
  return { record: await registerCreated(coordinator, outcome.record), created: true, diagnostics };
}

function newRecord(
  coordinator: Coordinator,
  request: NewPipeline,
  plan: PhysicalPlan,
  compiled: Pick<PipelineRecord, 'sql' | 'sqlDigest' | 'explain' | 'uses'>,
): PipelineRecord {
  const { intervalMs } = request;
  const { ports } = coordinator.context;
  const { parallelism, keyGroups } = checkedParallelism(plan, request.parallelism);
  return {
    formatVersion: 1,
    name: request.name,
    id: request.id,
    ...compiled,
    plan,
    parallelism,
    checkpointIntervalMs:
      intervalMs ?? checkedInterval(plan.settings.checkpointIntervalMs ?? defaultIntervalMs),
    keyGroups,
    createdAtMs: ports.clock.nowMs(),
    desired: { kind: request.doNotStart ? 'created' : 'running' },
    starts: request.doNotStart ? 0 : 1,
    restarts: 0,
    ...registrationsOf(plan),
    failure: null,
  };
}

/**
 * What a plan runs with.
 * @param wanted 0: what its text sets, else 1
 * @throws GrpcStatusError INVALID_ARGUMENT when there are fewer key groups
 */
export function checkedParallelism(
  { settings }: PhysicalPlan,
  wanted: number,
): { readonly parallelism: number; readonly keyGroups: number } {
  const parallelism = wanted || (settings.parallelism ?? 1);
  const keyGroups = settings.keyGroups ?? defaultKeyGroups;
  if (parallelism <= keyGroups) return { parallelism, keyGroups };
  throw wrongArgument(
    `a parallelism of ${parallelism} is more than its ${keyGroups} key groups`,
    'lower the parallelism, or SET key_groups to more before the pipeline is created',
  );
}

function checkedInterval(ms: number): number {
  if (ms >= leastIntervalMs) return ms;
  throw wrongArgument(
    `a checkpoint_interval of ${formatDurationMs(ms)} is too short`,
    `the least is ${leastIntervalMs}ms`,
  );
}

async function sameAgain(
  coordinator: Coordinator,
  there: PipelineRecord,
  request: CreatePipelineRequest,
  intervalMs: number | null,
): Promise<Creation> {
  if (there.desired.kind === 'deleted') {
    throw wrongState(`the pipeline '${there.name}' is being removed`, 'try again in a moment');
  }
  const differences = await differencesOf(coordinator, there, request, intervalMs);
  if (differences.length > 0) {
    throw nameTaken(
      `a pipeline '${there.name}' is there already, with another ${differences.join(' and another ')}`,
      'take another name, or stop and remove it first (weir stop, weir rm)',
    );
  }
  if (request.doNotStart || there.desired.kind !== 'created')
    return { record: there, created: false, diagnostics: [] };
  const first = await planOfFirstStart(coordinator, there);
  const record = await coordinator.context.catalog.update(there.name, (now) =>
    now.desired.kind === 'created' && now.id === there.id ? started(now, first) : undefined,
  );
  return { record: record ?? there, created: false, diagnostics: [] };
}

async function differencesOf(
  coordinator: Coordinator,
  there: PipelineRecord,
  request: CreatePipelineRequest,
  intervalMs: number | null,
): Promise<string[]> {
  const differences: string[] = [];
  if (!isSameText(there, request.sql)) {
    const secretsOf: SecretOptions = (name) => secretNames(coordinator.context, name);
    const before = await withSecrets(coordinator, there.sql);
    differences.push(`text (${firstDifference(before, request.sql, secretsOf)})`);
  }
  if (request.parallelism !== 0 && request.parallelism !== there.parallelism) {
    differences.push(`parallelism (${there.parallelism}, not ${request.parallelism})`);
  }
  if (intervalMs !== null && intervalMs !== there.checkpointIntervalMs) {
    differences.push(
      `checkpoint_interval (${formatDurationMs(there.checkpointIntervalMs)}, not ${formatDurationMs(intervalMs)})`,
    );
  }
  return differences;
}

function isSameText(there: PipelineRecord, sql: string): boolean {
  if (there.sqlDigest === undefined) return there.sql === sql;
  return there.sqlDigest === textDigest(there.id, sql);
}

/** The text as it was given, to be compared; a secret that can't be read any more is another one. */
async function withSecrets({ context }: Coordinator, sql: string): Promise<string> {
  const parts = await Promise.all(
    sql.split(/(\{\{secret:[^}]*\}\})/).map(async (part) => {
      const id = referredSecret(part);
      if (id === undefined) return part;
      const secret = await context.connections.vault.read(id).catch(() => part);
      return secret.replaceAll("'", "''");
    }),
  );
  return parts.join('');
}

/** The first line that differs, as people look for it; without the secrets of both. */
function firstDifference(before: string, now: string, secretsOf: SecretOptions): string {
  const [linesBefore, linesNow] = [before.split('\n'), now.split('\n')];
  const line = linesBefore.findIndex((text, index) => text !== linesNow[index]);
  const at = line === -1 ? linesBefore.length : line;
  const [there, here] = [redactSql(before, secretsOf), redactSql(now, secretsOf)];
  if (there === null || here === null) return `line ${at + 1} differs`;
  const [lineThere, lineHere] = [there, here].map((text) => (text.split('\n')[at] ?? '').trim());
  if (lineThere === lineHere) return `line ${at + 1} has another secret`;
  return `line ${at + 1} is '${lineThere}' there and '${lineHere}' here`;
}
