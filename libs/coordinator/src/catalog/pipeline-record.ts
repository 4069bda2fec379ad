import { describeError, WeirError } from '@weir/kernel/errors.ts';
import { readPlan } from '@weir/plan/read-plan.ts';
import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import type { Problem } from '../problem.ts';

/** What people want of a pipeline. Any controller writes it; the controller that drives the pipeline acts on it. */
export type Desired =
  | { readonly kind: 'created' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stopped'; readonly mode: 'checkpoint' | 'immediate' }
  | { readonly kind: 'deleted' };

/** A pipeline in the catalog, as JSON in the object store. It changes by put-if-match only. */
export interface PipelineRecord {
  readonly formatVersion: 1;
  readonly name: string;
  /** Random, drawn at creation. */
  readonly id: string;
  readonly sql: string;
  readonly plan: PhysicalPlan;
  /** EXPLAIN's text. */
  readonly explain: string;
  readonly parallelism: number;
  readonly checkpointIntervalMs: number;
  /** Fixed at creation: state is stored by key group. */
  readonly keyGroups: number;
  readonly createdAtMs: number;
  readonly desired: Desired;
  /** Times that somebody has started it: a failure belongs to one start, the next start forgets it. */
  readonly starts: number;
  /** Times that somebody has asked for a restart. */
  readonly restarts: number;
  /** A person's word on the torn epoch with this number; left out before the first. */
  readonly resolution?: { readonly e: number; readonly as: 'committed' | 'abandoned' };
  /** The epoch that the start with this number goes back to; other starts go on from the last one. Left out before the first. */
  readonly restore?: { readonly from: number; readonly starts: number };
  /** Set by the driver when an error came that would come again. */
  readonly failure: { readonly starts: number; readonly problem: Problem } | null;
}

/** The failure of the current start, or null. */
export function currentFailure(record: PipelineRecord): Problem | null {
  return record.failure !== null && record.failure.starts === record.starts ? record.failure.problem : null;
}

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
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw unreadableEntry(key, 'it is no JSON', cause);
  }
  const record = value as Partial<PipelineRecord> | null;
  if (record === null || typeof record !== 'object' || record.formatVersion !== 1) {
    throw unreadableEntry(
      key,
      `its format version is ${JSON.stringify(record?.formatVersion)}, this Weir reads 1`,
    );
  }
  const complete =
    typeof record.name === 'string' && typeof record.id === 'string' && record.desired !== undefined;
  if (!complete || record.plan === undefined) throw unreadableEntry(key, 'fields are missing');
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
