import type { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import type { SeededRng } from '../seeded-rng.ts';

/** What faults are done to. */
export interface FaultTarget {
  readonly cluster: WeirCluster;
  /** Workers that run subtasks: hitting another one shows nothing. */
  readonly busyWorkers: readonly WeirProcess[];
}

/** A kind of fault: one file each, listed in all-faults.ts. */
export interface Fault {
  readonly name: string;
  /** How often it is chosen, relative to the others. */
  readonly weight: number;
  /** Chooses what is hit; nothing happens yet. */
  plan(rng: SeededRng, target: FaultTarget): PlannedFault;
}

export interface PlannedFault {
  /** For people: `kill worker-2`. */
  readonly what: string;
  /** Resolves once the fault is there. */
  strike(): Promise<void>;
  /** Makes it good again: what was killed is started, what was cut is joined. */
  heal(): Promise<void>;
}
