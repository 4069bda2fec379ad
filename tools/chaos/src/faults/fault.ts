import type { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import type { KafkaBroker } from '@weir/tool-stack/kafka-broker.ts';
import type { NatsServer } from '@weir/tool-stack/nats-server.ts';
import type { TcpProxy } from '@weir/tool-stack/tcp-proxy.ts';
import type { FailpointName } from '@weir/kernel/failpoints.ts';
import type { SeededRandom } from '@weir/testkit/seeded-random.ts';
import type { ArmedStep } from './armed-step.ts';

/** Servers that belong to this run alone: only these may be hit. */
export interface FaultServers {
  readonly kafka?: KafkaBroker;
  readonly nats?: NatsServer;
  /** What leads Weir's processes to them, and nobody else; only where there is a Toxiproxy. */
  readonly kafkaProxy?: TcpProxy;
  readonly natsProxy?: TcpProxy;
}

/** What faults are done to. */
export interface FaultTarget extends FaultServers {
  readonly cluster: WeirCluster;
  /** Workers that run subtasks: hitting another one shows nothing. */
  readonly busyWorkers: readonly WeirProcess[];
  readonly steps: ArmedStep;
  /** What a person does to the pipeline; `startAgain` once it has stopped. */
  readonly wishes: { stop(): Promise<void>; startAgain(): Promise<void> };
}

/** A kind of fault: one file each, listed in all-faults.ts. */
export interface Fault {
  readonly name: string;
  /** How often it is chosen, relative to the others. */
  readonly weight: number;
  /** How long it lasts, least and most; default 0 to 1.5 s. Of what isn't a kill, recovery counts from the healing. */
  readonly downMs?: readonly [number, number];
  /** False when this run has nothing that it could be done to. */
  isPossible?(servers: FaultServers): boolean;
  /** Chooses what is hit; nothing happens yet. */
  plan(rng: SeededRandom, target: FaultTarget): PlannedFault;
}

export interface PlannedFault {
  /** For people: `kill worker-2`. */
  readonly what: string;
  /** The step at which it strikes, where there is one. */
  readonly point?: FailpointName;
  /** It can't be over before it is healed: recovery counts from there. */
  readonly endsWithHealing?: boolean;
  /** Resolves once the fault is there: with what it was, if that is known only then; with null when it could not be done. */
  strike(): Promise<void | string | null>;
  /** Makes it good again: what was killed is started, what was cut is joined. */
  heal(): Promise<void>;
}
