import { writtenRegistry } from '@weir/connectors/registry-ref.ts';
import { present } from '@weir/kernel/assert.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { Registration } from './registration.ts';
import type { Registered, SchemaToRegister } from './schema-registrar.ts';

/** What a plan's sinks want registered, all of it pending; left out where nothing is. */
export function registrationsOf(plan: PhysicalPlan): Pick<PipelineRecord, 'registrations'> {
  const registrations = Object.entries(plan.formats).flatMap(([operator, formats]) =>
    (['value', 'key'] as const).flatMap((part): Registration[] => {
      const schema = formats[part];
      if (schema?.registerAs === undefined || schema.writerId !== undefined) return [];
      return [{ operator, part, subject: schema.registerAs, state: 'pending' }];
    }),
  );
  return registrations.length === 0 ? {} : { registrations };
}

/** Those that are not registered yet: a pipeline does not start before all are. */
export function pendingRegistrations({ registrations = [] }: PipelineRecord): readonly Registration[] {
  return registrations.filter(({ state }) => state === 'pending');
}

/** What is to be sent to the registry. */
export function schemaOf(
  { plan }: PipelineRecord,
  { operator, part, subject }: Registration,
): SchemaToRegister {
  const schema = present(plan.formats[operator]?.[part], 'the schema that a sink was pinned to');
  const node = plan.stages.flatMap(({ operators }) => operators).find(({ id }) => id === operator)?.node;
  const options = node?.kind === 'sink' ? node.options : {};
  const registry = writtenRegistry(options);
  return { registry, subject, type: schema.format, text: schema.text };
}

/** The record once all were registered: nothing is pending, and the sinks know their ids. */
export function withRegistered(
  record: PipelineRecord,
  answers: ReadonlyMap<string, Registered>,
): PipelineRecord {
  const formats: Record<string, PinnedFormats> = { ...record.plan.formats };
  const registrations = (record.registrations ?? []).map((registration) => {
    const answer = answers.get(keyOf(registration));
    if (answer === undefined) return registration;
    const { operator, part } = registration;
    const pinned = present(formats[operator], 'what is pinned of a sink');
    const schema = present(pinned[part], 'the schema of a part');
    formats[operator] = { ...pinned, [part]: { ...schema, writerId: answer.id } };
    return { ...registration, state: answer };
  });
  return { ...record, registrations, plan: { ...record.plan, formats } };
}

/** Names one registration of a pipeline. */
export function keyOf({ operator, part }: Registration): string {
  return `${operator}/${part}`;
}
