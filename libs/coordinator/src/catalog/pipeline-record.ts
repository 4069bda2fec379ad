import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import type { Registration } from '../registration/registration.ts';
import type { Problem } from '../problem.ts';

/** What people want of a pipeline. Any controller writes it; the controller that drives the pipeline acts on it. */
export type Desired =
  | { readonly kind: 'created' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stopped'; readonly mode: 'checkpoint' | 'immediate' }
  | { readonly kind: 'deleted' };

export interface ConnectionUses {
  readonly profiles: readonly { readonly name: string; readonly id: string }[];
  readonly tables: readonly { readonly name: string; readonly id: string; readonly revision: number }[];
}

/** A pipeline in the catalog, as JSON in the object store. It changes by put-if-match only. */
export interface PipelineRecord {
  readonly formatVersion: 1;
  readonly name: string;
  /** Random, drawn at creation. */
  readonly id: string;
  /** Without secrets: `{{secret:id}}` stands for each. Records of earlier versions (without `sqlDigest`) hold them as they were written. */
  readonly sql: string;
  /** Of the text as it was given, secrets and all (text-digest.ts). */
  readonly sqlDigest?: string;
  /** Profiles and saved tables that it was compiled with. Left out by earlier versions: none. */
  readonly uses?: ConnectionUses;
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
  /** Schemas of its sinks that are registered before it starts; left out where there are none. */
  readonly registrations?: readonly Registration[];
  /** Set by the driver when an error came that would come again. */
  readonly failure: { readonly starts: number; readonly problem: Problem } | null;
}

/** The failure of the current start, or null. */
export function currentFailure(record: PipelineRecord): Problem | null {
  return record.failure !== null && record.failure.starts === record.starts ? record.failure.problem : null;
}
