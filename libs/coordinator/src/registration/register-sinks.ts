import { WeirError } from '@weir/kernel/errors.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import type { Registration } from './registration.ts';
import { keyOf, pendingRegistrations, schemaOf, withRegistered } from './registrations.ts';
import type { Registered } from './schema-registrar.ts';

/** How long the driver leaves a registration to whoever created the pipeline, who has perhaps died. */
export const creatorsTimeMs = 10_000;

/**
 * Registers what is pending, then says so in one put-if-match: before it nothing is, after it all is. Both the creator and the driver may
 * run it, at once and again after a crash at any step: a registry gives the same text the same id.
 * @returns the record afterwards; undefined when the pipeline is gone
 * @throws WeirError (retry) when a registry gives no answer; the refusal of a registry, which names what it did register
 */
export async function registerSinks(
  context: Pick<CoordinatorContext, 'catalog' | 'registrar'>,
  record: PipelineRecord,
): Promise<PipelineRecord | undefined> {
  const answers = new Map<string, Registered>();
  const done: Registration[] = [];
  for (const registration of pendingRegistrations(record)) {
    try {
      answers.set(keyOf(registration), await context.registrar.register(schemaOf(record, registration)));
      done.push(registration);
    } catch (error) {
      throw done.length === 0 ? error : withDone(error, done);
    }
  }
  return context.catalog.update(record.name, (now) => {
    const mine = now.id === record.id && pendingRegistrations(now).length > 0;
    return mine ? withRegistered(now, answers) : undefined;
  });
}

/** What was registered before another was refused stays: deleting it could hurt others. */
function withDone(error: unknown, done: readonly Registration[]): unknown {
  if (!(error instanceof WeirError) || error.disposition === 'retry') return error;
  const subjects = done.map(({ subject }) => `'${subject}'`).join(', ');
  return new WeirError(error.code, `${error.message}; registered before and left there: ${subjects}`, {
    cause: error,
    disposition: error.disposition,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
