import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import { readPlan } from '@weir/plan/read-plan.ts';
import { recordShape } from './catalog-record-shape.ts';
import type { PipelineRecord } from './pipeline-record.ts';

const unreadable = 'WEIR-7101';

/** The error of an entry that stays unreadable as long as it is as it is: damaged, or of a newer Weir. */
export function isUnreadable(error: unknown): error is WeirError {
  return error instanceof WeirError && error.code === unreadable;
}

export function encodeRecord(record: PipelineRecord): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}

/** @throws WeirError WEIR-7101 when a newer Weir wrote it, or it is damaged */
export function decodeRecord(bytes: Uint8Array, key: string): PipelineRecord {
  let value: unknown;
  try {
    value = readBoundedJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), 'it', unreadable);
  } catch (cause) {
    throw unreadableEntry(key, describeError(cause), cause);
  }
  const record = value as Partial<PipelineRecord> | null;
  if (record === null || typeof record !== 'object' || record.formatVersion !== 1) {
    throw unreadableEntry(
      key,
      `its format version is ${JSON.stringify(record?.formatVersion)}, this Weir reads 1`,
    );
  }
  const problem = recordShape(record);
  if (problem !== null) throw unreadableEntry(key, problem);
  return { ...(record as PipelineRecord), plan: planOf(record.plan, key) };
}

function planOf(plan: unknown, key: string): PhysicalPlan {
  try {
    return readPlan(plan);
  } catch (cause) {
    throw unreadableEntry(key, describeError(cause), cause);
  }
}

function unreadableEntry(key: string, why: string, cause?: unknown): WeirError {
  return new WeirError(unreadable, `the catalog entry ${key} can't be read: ${why}`, {
    cause,
    hint: 'a newer Weir may have written it: run that version; if the store was damaged, restore it from a copy',
  });
}
