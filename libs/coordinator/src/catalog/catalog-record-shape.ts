import { shapeCheck } from '@weir/plan/shape/check-shape.ts';
import {
  byKind,
  count,
  flag,
  listOf,
  name,
  only,
  openShapeOf,
  orNull,
  text,
  type ShapeSchema,
} from '@weir/plan/shape/shape-schema.ts';
import type { Registration } from '../registration/registration.ts';
import type { Registered } from '../registration/schema-registrar.ts';
import type { Problem } from '../problem.ts';
import type { ConnectionUses, Desired, PipelineRecord } from './pipeline-record.ts';

type DesiredOf<K extends Desired['kind']> = Extract<Desired, { readonly kind: K }>;
type Failure = NonNullable<PipelineRecord['failure']>;
type Resolution = NonNullable<PipelineRecord['resolution']>;
type Restore = NonNullable<PipelineRecord['restore']>;

const usesShape = openShapeOf<ConnectionUses>({
  profiles: listOf(openShapeOf<ConnectionUses['profiles'][number]>({ name, id: name })),
  tables: listOf(openShapeOf<ConnectionUses['tables'][number]>({ name, id: name, revision: count })),
});

const wallMs: ShapeSchema = { type: 'number', minimum: 0 };

export const problemSchema = openShapeOf<Problem>({ code: text, message: text, hint: text, transient: flag });

/** What is wrong with an entry of the catalog, or null; its plan is checked where it is read. More fields than these may be there. */
export const recordShape = shapeCheck(
  openShapeOf<PipelineRecord>(
    {
      formatVersion: only(1),
      name,
      id: name,
      sql: text,
      sqlDigest: text,
      uses: usesShape,
      plan: { type: 'object' },
      explain: text,
      parallelism: count,
      checkpointIntervalMs: count,
      keyGroups: count,
      createdAtMs: wallMs,
      desired: byKind([
        openShapeOf<DesiredOf<'created'>>({ kind: only('created') }),
        openShapeOf<DesiredOf<'running'>>({ kind: only('running') }),
        openShapeOf<DesiredOf<'stopped'>>({ kind: only('stopped'), mode: only('checkpoint', 'immediate') }),
        openShapeOf<DesiredOf<'deleted'>>({ kind: only('deleted') }),
      ]),
      starts: count,
      restarts: count,
      resolution: openShapeOf<Resolution>({ e: count, as: only('committed', 'abandoned') }),
      restore: openShapeOf<Restore>({ from: count, starts: count }),
      registrations: listOf(
        openShapeOf<Registration>({
          operator: name,
          part: only('key', 'value'),
          subject: text,
          state: { anyOf: [only('pending'), openShapeOf<Registered>({ id: count, version: count })] },
        }),
      ),
      failure: orNull(openShapeOf<Failure>({ starts: count, problem: problemSchema })),
    },
    ['sqlDigest', 'uses', 'resolution', 'restore', 'registrations'],
  ),
);
