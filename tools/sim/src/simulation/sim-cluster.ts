import { noAccess } from '@weir/connectors/process-access.ts';
import { connectors } from '@weir/connectors/connector-registry.ts';
import { WorkerMembers } from '@weir/control-bus/worker-members.ts';
import type { InProcessBus } from '@weir/control-bus/in-process-bus.ts';
import type { PipelineCompiler } from '@weir/coordinator/compile/pipeline-compiler.ts';
import { createCoordinator } from '@weir/coordinator/create-coordinator.ts';
import type { Coordinator } from '@weir/coordinator/coordinator.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { FailpointName, Failpoints } from '@weir/kernel/failpoints.ts';
import { createOperator } from '@weir/operators/create-operator.ts';
import { checkedOperators } from '@weir/operators/testing/edge-check.ts';
import { KnownRegistries } from '@weir/schemas/registry/known-registries.ts';
import { standardComponents } from '@weir/task-runtime/task-host/standard-components.ts';
import { createWorkerHost } from '@weir/task-runtime/task-host/worker-host.ts';
import { createMetrics } from '@weir/telemetry/metrics.ts';
import { SimBusHub } from '../simulator/sim-bus.ts';
import { simExchangeClients, simWorkerClients } from '../simulator/sim-clients.ts';
import { SimGrpc } from '../simulator/sim-grpc.ts';
import { installAmbientPorts } from '@weir/testkit/ambient-ports.ts';
import { installSimBrokers } from '../simulator/kafka/sim-broker-connection.ts';
import { SimKafka } from '../simulator/kafka/sim-kafka.ts';
import { SimProcess } from '@weir/testkit/sim-process.ts';
import { SimStore } from '../simulator/sim-store.ts';
import type { SimWorld } from '@weir/testkit/sim-world.ts';
import { SimSchemas } from './sim-schemas.ts';

export const clusterName = 'simulated';

/** A place where a process of the cluster runs; what was killed is started again here. */
export interface SimMember {
  readonly kind: 'worker' | 'controller';
  readonly name: string;
  process: SimProcess;
  /** Of a controller that has started. */
  coordinator: Coordinator | null;
}

const kafkaOfWorld = new WeakMap<SimWorld, SimKafka>();
/** One registry for all workers of all simulations: nobody looks at it. */
const metrics = createMetrics('sim');

/** Controllers, workers, bus, store and Kafka of one simulation. */
export class SimCluster {
  readonly world: SimWorld;
  readonly kafka: SimKafka;
  readonly store: SimStore;
  readonly bus: SimBusHub;
  readonly grpc: SimGrpc;
  /** The registry of schemas. */
  readonly schemas: SimSchemas;
  readonly members: SimMember[] = [];
  /** What a process threw where nobody caught it. */
  readonly uncaught: string[] = [];
  /** Told when a process comes to a step of the protocol. */
  onStep: (by: SimProcess, point: FailpointName) => void = () => {};
  readonly #compiler: PipelineCompiler;
  #started = 0;

  constructor(world: SimWorld, compiler: PipelineCompiler) {
    installAmbientPorts();
    installOnce();
    this.world = world;
    this.kafka = new SimKafka(world, 2);
    kafkaOfWorld.set(world, this.kafka);
    this.store = new SimStore(world);
    this.bus = new SimBusHub(world);
    this.grpc = new SimGrpc(world);
    this.schemas = new SimSchemas(world);
    this.#compiler = compiler;
  }

  add(kind: SimMember['kind'], name: string): SimMember {
    const member: SimMember = { kind, name, process: this.#newProcess(name), coordinator: null };
    this.members.push(member);
    this.#start(member);
    return member;
  }

  /** A new process in the place of one that was killed. */
  restart(member: SimMember): void {
    if (member.process.alive) return;
    member.process = this.#newProcess(member.name);
    member.coordinator = null;
    this.world.trace(member.process.name, 'starts');
    this.#start(member);
  }

  of(kind: SimMember['kind']): SimMember[] {
    return this.members.filter((member) => member.kind === kind);
  }

  #newProcess(name: string): SimProcess {
    this.#started += 1;
    const process = new SimProcess(this.world, `${name}.${this.#started}`);
    process.onUncaught = (error) => void this.uncaught.push(`${process.name}: ${describeError(error)}`);
    return process;
  }

  #start(member: SimMember): void {
    const { process } = member;
    process.dispatch(() => {
      if (member.kind === 'worker') this.#startWorker(process);
      else this.#startController(member);
    });
  }

  #connect(process: SimProcess): InProcessBus {
    return this.bus.connect(process, (error) =>
      process.world.trace(process.name, `bus: ${describeError(error)}`),
    );
  }

  #log(process: SimProcess) {
    const say = (fields: Record<string, unknown>, message: string): void => {
      if (process.alive) this.world.trace(process.name, `${message} ${JSON.stringify(fields)}`);
    };
    return { info: say, warn: say, error: say };
  }

  #failpoints(process: SimProcess): Failpoints {
    return { reached: (point) => this.onStep(process, point) };
  }

  #startWorker(process: SimProcess): void {
    metrics.clear();
    const host = createWorkerHost({
      ports: process.ports,
      cluster: clusterName,
      slots: 4,
      bus: this.#connect(process),
      store: this.store.seenBy(process),
      access: noAccess,
      components: {
        ...standardComponents({
          exchangeClient: simExchangeClients(this.grpc, process),
          writerSchemas: new KnownRegistries(process.ports, () => this.schemas.seenBy(process)).writerSchemas,
        }),
        makeOperator: checkedOperators(createOperator),
        // One worker's lists of pieces always lie in manifests, so that every fault meets them, too.
        ...(process.name.startsWith('w2.') ? { longestPieceList: 0 } : {}),
      },
      metrics,
      log: this.#log(process),
      failpoints: this.#failpoints(process),
    });
    const address = `${process.name}:7000`;
    this.grpc.listen(process, address, host.services);
    host.announce(address, '');
  }

  #startController(member: SimMember): void {
    const { process } = member;
    const { ports } = process;
    const bus = this.#connect(process);
    const coordinator = createCoordinator({
      clusterName,
      writer: ports.rng.id(12),
      ports,
      store: this.store.seenBy(process),
      bus,
      workers: new WorkerMembers(bus, ports, clusterName),
      workerClients: simWorkerClients(this.grpc, process),
      connectors,
      compiler: this.#compiler,
      access: noAccess,
      log: this.#log(process),
      failpoints: this.#failpoints(process),
      trimmedEpochs: 2,
    });
    const start = (): void => {
      coordinator.start().then(
        () => (member.coordinator = coordinator),
        (error: unknown) => {
          this.world.trace(process.name, `could not start: ${describeError(error)}`);
          process.kill();
        },
      );
    };
    start();
  }
}

let installed = false;

function installOnce(): void {
  if (installed) return;
  installed = true;
  installSimBrokers((process) => kafkaOfWorld.get(process.world));
}
