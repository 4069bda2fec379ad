import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import { announceWorker } from '@weir/control-bus/worker-members.ts';
import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { noFailpoints, type Failpoints } from '@weir/kernel/failpoints.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import type { Registry } from '@weir/telemetry/metrics.ts';
import type { GrpcService } from '@weir/wire/grpc-server.ts';
import { Turns } from '../record-path/turns.ts';
import { busControlLink } from './bus-control-link.ts';
import { exchangeService } from '../exchange/exchange-service.ts';
import type { TaskComponents, TaskLog } from './task-environment.ts';
import { WorkerGenerations } from './worker-generations.ts';
import { workerMetrics } from './worker-metrics.ts';
import { workerService } from './worker-service.ts';

export interface WorkerHostOptions {
  readonly ports: Ports;
  readonly cluster: string;
  readonly slots: number;
  readonly bus: ControlBus;
  readonly store: ObjectStore;
  /** What tables may touch of this process. */
  readonly access: ProcessAccess;
  readonly components: TaskComponents;
  readonly metrics: Registry;
  readonly log: TaskLog;
  readonly failpoints?: Failpoints;
}

/** A worker inside a process: what it serves, and its membership. */
export interface WorkerHost {
  /** Drawn at the start: a worker that comes back is another one. */
  readonly incarnation: string;
  readonly services: readonly GrpcService[];
  readonly tasks: WorkerGenerations;
  /** Once the services can be reached: heartbeats begin. */
  announce(address: string, adminAddress: string): void;
  /** Tells that it leaves, ends all tasks. */
  drain(): Promise<void>;
}

export function createWorkerHost(options: WorkerHostOptions): WorkerHost {
  const { ports, bus, cluster } = options;
  const incarnation = ports.rng.id(16);
  const metrics = workerMetrics(options.metrics, () => tasks.running());
  let membership: ReturnType<typeof announceWorker> | null = null;
  const tasks = new WorkerGenerations(
    {
      ...options.components,
      ports,
      failpoints: options.failpoints ?? noFailpoints,
      incarnation,
      access: options.access,
      store: options.store,
      controlLink: (scope, generation) => busControlLink(bus, ports.rng, scope, generation),
      turns: new Turns(ports.timers),
      log: options.log,
      observeEpoch: metrics.observeEpoch,
    },
    options.slots,
    () => membership?.now(),
  );
  return {
    incarnation,
    tasks,
    services: [workerService(tasks, ports.timers), exchangeService(tasks.hub)],
    announce(address, adminAddress) {
      membership = announceWorker(bus, ports, cluster, () => ({
        incarnation,
        address,
        adminAddress,
        slots: tasks.slots,
        usedSlots: tasks.usedSlots,
        draining: false,
      }));
    },
    async drain() {
      membership?.stop();
      membership = null;
      await tasks.drain();
    },
  };
}
