import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WeirProcess } from './weir-process.ts';
import type { WeirRole } from './weir-process.ts';

export interface WeirClusterOptions {
  /** Holds logs, ready files and, unless `storeUrl` says otherwise, the store. */
  readonly folder: string;
  readonly cluster?: string;
  readonly natsUrl: string;
  readonly storeUrl?: string;
  readonly workers: number;
  readonly controllers?: number;
  /** `host:port` of the first controller and of the schema-service; free ports when left out. */
  readonly controllerListen?: string;
  readonly schemaServiceListen?: string;
  /** Added to every process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of workers, e.g. `--cpu-prof`. */
  readonly workerNodeOptions?: readonly string[];
  readonly slots?: number;
}

/** Weir's own processes: a schema-service, controllers and workers on this machine. Kafka and NATS are the stack's. */
export class WeirCluster {
  readonly #options: WeirClusterOptions;
  readonly schemaService: WeirProcess;
  readonly controllers: WeirProcess[] = [];
  readonly workers: WeirProcess[] = [];
  #started = 0;

  private constructor(options: WeirClusterOptions, schemaService: WeirProcess) {
    this.#options = options;
    this.schemaService = schemaService;
  }

  static async start(options: WeirClusterOptions): Promise<WeirCluster> {
    const schemaService = await WeirProcess.start({
      role: 'schema-service',
      name: 'schema-service',
      folder: options.folder,
      environment: environmentOf(options),
      ...(options.schemaServiceListen === undefined ? {} : { listen: options.schemaServiceListen }),
    });
    const cluster = new WeirCluster(options, schemaService);
    try {
      for (let index = 0; index < (options.controllers ?? 1); index += 1) {
        await cluster.addController(index === 0 ? options.controllerListen : undefined);
      }
      await Promise.all(Array.from({ length: options.workers }, () => cluster.addWorker()));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Address of the first controller's API. */
  get address(): string {
    return this.controllers[0]?.addresses.address ?? '';
  }

  get processes(): readonly WeirProcess[] {
    return [this.schemaService, ...this.controllers, ...this.workers];
  }

  async addController(listen?: string): Promise<WeirProcess> {
    const controller = await this.#start(
      'controller',
      `controller-${this.controllers.length + 1}`,
      {},
      listen,
    );
    this.controllers.push(controller);
    return controller;
  }

  async addWorker(environment: Readonly<Record<string, string>> = {}): Promise<WeirProcess> {
    this.#started += 1;
    const worker = await this.#start('worker', `worker-${this.#started}`, environment);
    this.workers.push(worker);
    return worker;
  }

  /** Workers first, so that nobody begins a generation for those that leave; what a pipeline has committed stays. */
  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await Promise.all(this.controllers.map((controller) => controller.stop()));
    await this.schemaService.stop();
  }

  async kill(): Promise<void> {
    await Promise.all(this.processes.map((child) => child.kill()));
  }

  #start(
    role: WeirRole,
    name: string,
    environment: Readonly<Record<string, string>>,
    listen?: string,
  ): Promise<WeirProcess> {
    return WeirProcess.start({
      role,
      name,
      folder: this.#options.folder,
      environment: {
        ...environmentOf(this.#options),
        WEIR_SCHEMA_SERVICE: this.schemaService.addresses.address,
        ...environment,
      },
      ...(listen === undefined ? {} : { listen }),
      ...(role === 'worker' && this.#options.workerNodeOptions !== undefined
        ? { nodeOptions: this.#options.workerNodeOptions }
        : {}),
    });
  }
}

function environmentOf(options: WeirClusterOptions): Record<string, string> {
  return {
    WEIR_CLUSTER: options.cluster ?? 'weir',
    WEIR_NATS_URL: options.natsUrl,
    WEIR_STORE_URL: options.storeUrl ?? pathToFileURL(join(options.folder, 'store')).href,
    ...(options.slots === undefined ? {} : { WEIR_SLOTS: String(options.slots) }),
    ...options.environment,
  };
}
