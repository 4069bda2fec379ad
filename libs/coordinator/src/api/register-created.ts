import { describeError, dispositionOf } from '@weir/kernel/errors.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { Coordinator } from '../coordinator.ts';
import { pendingRegistrations } from '../registration/registrations.ts';
import { registerSinks } from '../registration/register-sinks.ts';

/**
 * Registers the schemas of a pipeline that is there now. A registry that gives no answer is left to the pipeline's driver, whose status says
 * what it waits for. One that refuses (somebody was faster with another schema) ends the pipeline before it was anything.
 * @returns the record as it is then
 * @throws WeirError the registry's refusal
 */
export async function registerCreated(
  coordinator: Coordinator,
  record: PipelineRecord,
): Promise<PipelineRecord> {
  const { catalog, log } = coordinator.context;
  if (pendingRegistrations(record).length === 0) return record;
  try {
    return (await registerSinks(coordinator.context, record)) ?? record;
  } catch (error) {
    if (dispositionOf(error) === 'retry') {
      log.warn({ pipeline: record.name, error: describeError(error) }, 'its schemas are not registered yet');
      return record;
    }
    await catalog.update(record.name, (now) => {
      const mine = now.id === record.id && pendingRegistrations(now).length > 0;
      return mine ? { ...now, desired: { kind: 'deleted' } } : undefined;
    });
    throw error;
  }
}
