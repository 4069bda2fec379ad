import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { shapeCheck } from '@weir/plan/shape/check-shape.ts';
import {
  count,
  listOf,
  openShapeOf,
  only,
  orNull,
  text,
  type ShapeSchema,
} from '@weir/plan/shape/shape-schema.ts';
import { problemSchema } from '../catalog/catalog-record-shape.ts';
import type { JobStatus, OperatorTotals } from './job-status.ts';

/** What a controller tells the others: who it is, and the status of the pipeline that it drives. */
interface Told {
  readonly from: string;
  readonly status?: JobStatus;
}

const number: ShapeSchema = { type: 'number' };

const totals = openShapeOf<OperatorTotals>(
  {
    id: text,
    title: text,
    kind: text,
    stage: text,
    subtasks: count,
    recordsIn: number,
    recordsOut: number,
    bytes: number,
    lateRows: number,
    badRecords: number,
    nullValues: number,
    lag: number,
    stateBytes: number,
    watermarkMicros: orNull({ type: 'string', pattern: '^-?[0-9]{1,20}$' }),
    warnings: listOf(problemSchema),
  },
  ['nullValues', 'warnings'],
);

const toldShape = shapeCheck(
  openShapeOf<Told>(
    {
      from: text,
      status: openShapeOf<JobStatus>({
        state: only(
          'created',
          'starting',
          'running',
          'recovering',
          'stopping',
          'stopped',
          'finished',
          'failed',
          'halted',
        ),
        generation: count,
        epoch: count,
        committedEpoch: count,
        committedAtMs: number,
        restarts: count,
        operators: listOf(totals),
        problem: orNull(problemSchema),
        slots: { type: 'object', additionalProperties: count },
      }),
    },
    ['status'],
  ),
);

/** @throws WeirError WEIR-7131 for a message that no controller sends */
export function readTold(bytes: Uint8Array): Told {
  const told = readBoundedJson(new TextDecoder().decode(bytes), 'the status of a pipeline', 'WEIR-7131');
  const problem = toldShape(told);
  if (problem === null) return told as Told;
  throw new WeirError('WEIR-7131', `the status of a pipeline can't be read: ${problem}`);
}
