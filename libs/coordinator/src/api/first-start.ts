import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import { secretNames } from '../connections/put-profile.ts';
import { TextSecrets } from '../connections/text-secrets.ts';
import type { Coordinator } from '../coordinator.ts';
import { registrationsOf } from '../registration/registrations.ts';
import { wrongArgument } from './api-errors.ts';

/**
 * What the first start of a pipeline changes that was created without being started: it is compiled anew, so that what it reads from a
 * registry is what is there now. No state exists yet, so any plan will do. Later starts, restarts and recoveries keep the plan.
 * @returns null when it was started before
 * @throws GrpcStatusError INVALID_ARGUMENT when its text doesn't compile any more
 */
export async function planOfFirstStart(
  coordinator: Coordinator,
  record: PipelineRecord,
): Promise<Pick<PipelineRecord, 'plan' | 'explain'> | null> {
  if (record.starts > 0) return null;
  const { compiler, connections } = coordinator.context;
  const secretsOf = (connector: string) => secretNames(coordinator.context, connector);
  const secrets = new TextSecrets(connections.vault, record.id, secretsOf);
  const { plan, explain, diagnostics } = await compiler.compile(record.sql, secrets);
  if (plan !== null) return { plan, explain };
  const error = diagnostics.find(({ severity }) => severity === 'error');
  const place = error === undefined ? '' : ` (line ${error.line}, column ${error.column})`;
  throw wrongArgument(
    `the pipeline '${record.name}' was never started, and its text no longer compiles: ${error?.message ?? 'there is nothing to run'}${place}`,
    error === undefined || error.hint === '' ? `weir rm ${record.name} removes it` : error.hint,
  );
}

/** The record as it is after a start that somebody wished for; `first`: see planOfFirstStart. */
export function started(
  record: PipelineRecord,
  first: Pick<PipelineRecord, 'plan' | 'explain'> | null,
): PipelineRecord {
  const anew = record.starts === 0 ? first : null;
  if (anew === null) return { ...record, desired: { kind: 'running' }, starts: record.starts + 1 };
  const { registrations: _, ...rest } = record;
  return {
    ...rest,
    ...anew,
    ...registrationsOf(anew.plan),
    desired: { kind: 'running' },
    starts: record.starts + 1,
  };
}
