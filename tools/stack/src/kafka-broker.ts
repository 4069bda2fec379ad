import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '@weir/kernel/errors.ts';
import { kafkaProperties, type ExtraListener, type KafkaAddresses } from './kafka-properties.ts';
import type { KafkaLauncher, KafkaRun } from './kafka-launcher.ts';
import { kafkaAnswers } from './kafka-ready.ts';
import { RememberedPorts } from './free-port.ts';
import { ProcessGroup } from './process-group.ts';
import { ServerProcess } from './server-process.ts';

export interface KafkaBrokerOptions {
  /** Holds this broker's configuration, data, log and ports. */
  readonly folder: string;
  readonly name?: string;
  /** server.properties, added to or in place of the recipe's: `message.max.bytes`, `transactional.id.expiration.ms`, … */
  readonly properties?: Readonly<Record<string, string>>;
  /** Listeners beside the plain one, for SASL, TLS and proxies; their addresses are in `addresses`. */
  readonly extraListeners?: readonly ExtraListener[];
  /** One of several brokers of a cluster, which vote for a controller; without it the broker is a cluster by itself. */
  readonly member?: ClusterMember;
  /** Added to `kafka-storage format`: `--add-scram`, `SCRAM-SHA-512=[name=…,password=…]`. */
  readonly formatArgs?: readonly string[];
  /** In place of the default heap of 512 MB. */
  readonly jvmArgs?: readonly string[];
}

export interface ClusterMember {
  /** 22 characters, the same for all. */
  readonly clusterId: string;
  /** From 1. */
  readonly nodeId: number;
  /** `1@127.0.0.1:PORT,2@…`, by the controller ports noted in the brokers' folders. */
  readonly voters: string;
}

const startAttempts = 5;
const defaultJvmArgs = ['-Xmx512m', '-Xms256m', '-XX:+UseG1GC'];
const logging = `rootLogger.level = INFO
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{yyyy-MM-dd HH:mm:ss.SSS} %-5p %c{1} %m%n
`;

/** A Kafka broker and controller in one process, on 127.0.0.1. */
export class KafkaBroker {
  readonly #launcher: KafkaLauncher;
  readonly #options: KafkaBrokerOptions;
  readonly #ports: RememberedPorts;
  readonly #process = new ServerProcess();
  #addresses: KafkaAddresses | undefined;
  #properties: Readonly<Record<string, string>>;

  private constructor(launcher: KafkaLauncher, options: KafkaBrokerOptions) {
    this.#launcher = launcher;
    this.#options = options;
    this.#properties = options.properties ?? {};
    this.#ports = new RememberedPorts(options.folder);
  }

  /**
   * Starts it and waits until it answers. A folder that was used before keeps its topics and, unless somebody else has
   * taken them, its ports.
   */
  static async start(launcher: KafkaLauncher, options: KafkaBrokerOptions): Promise<KafkaBroker> {
    const broker = new KafkaBroker(launcher, options);
    // What a broker says when it can't bind doesn't always reach its log before it halts: so it is looked first, too.
    if (options.member === undefined && !(await broker.#ports.areFree())) broker.#ports.forget();
    for (let attempt = 1; ; attempt++) {
      try {
        await broker.#launch();
        return broker;
      } catch (error) {
        await broker.kill();
        if (
          attempt === startAttempts ||
          options.member !== undefined || // the others know its port
          !/Address already in use|port is already allocated/i.test(String(error))
        )
          throw error;
        broker.#ports.forget();
      }
    }
  }

  /** `127.0.0.1:PORT` of the plain listener. */
  get bootstrap(): string {
    return `127.0.0.1:${this.#addresses?.plain ?? 0}`;
  }

  /** `127.0.0.1:PORT` of an extra listener. */
  address(listener: string): string {
    const port = this.#addresses?.extra[listener];
    if (port === undefined) throw new WeirError('WEIR-9007', `this broker has no listener ${listener}`);
    return `127.0.0.1:${port}`;
  }

  get logFile(): string {
    return join(this.#options.folder, 'kafka.log');
  }

  get #name(): string {
    return this.#options.name ?? 'Kafka';
  }

  async #launch(): Promise<void> {
    const { folder, extraListeners = [], formatArgs = [], jvmArgs = defaultJvmArgs } = this.#options;
    const extra: Record<string, number> = {};
    for (const { name } of extraListeners) extra[name] = await this.#ports.get(name);
    const addresses: KafkaAddresses = {
      plain: await this.#ports.get('plain'),
      controller: await this.#ports.get('controller'),
      extra,
    };
    this.#addresses = addresses;
    const data = join(folder, 'data');
    mkdirSync(data, { recursive: true });
    const run: KafkaRun = {
      folder,
      configuration: join(folder, 'server.properties'),
      logging: join(folder, 'log4j2.properties'),
      jvmArgs,
      ports: [addresses.plain, ...Object.values(extra)],
    };
    writeFileSync(run.logging, logging);
    writeFileSync(
      run.configuration,
      kafkaProperties({
        data,
        addresses,
        extraListeners,
        bindHost: this.#launcher.bindHost,
        overrides: { ...memberProperties(this.#options.member), ...this.#properties },
      }),
    );
    if (!existsSync(join(data, 'meta.properties'))) await this.#format(run, formatArgs);
    await this.#process.launch(this.#launcher.serve(run), {
      name: this.#name,
      logFile: this.logFile,
      at: this.bootstrap,
      answers: () => kafkaAnswers('127.0.0.1', addresses.plain),
    });
  }

  async #format(run: KafkaRun, args: readonly string[]): Promise<void> {
    const { member } = this.#options;
    // One argument: an id may begin with a dash.
    const id = `--cluster-id=${member?.clusterId ?? newClusterId()}`;
    const quorum = member === undefined ? ['--standalone'] : [];
    const command = this.#launcher.format(run, [...quorum, id, ...args]);
    const group = await ProcessGroup.start(command, {
      name: `${this.#name} (format)`,
      logFile: this.logFile,
    });
    const { code } = await group.exited;
    if (code !== 0) {
      throw new WeirError(
        'WEIR-9008',
        `${this.#name}'s data folder could not be formatted; ${this.logFile} ends with:\n${group.logTail()}`,
      );
    }
  }

  /** Freezes it (SIGSTOP): connections stay open, nothing answers. */
  pause(): void {
    this.#process.pause();
  }

  resume(): void {
    this.#process.resume();
  }

  /** Stops it in order: its log is flushed and closed. */
  async stop(): Promise<void> {
    await this.#process.stop(30_000);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /** Starts it again with its data on the same ports, after `stop` or `kill` or instead of them; `properties` take the place of the last ones. */
  async restart(options: { properties?: Readonly<Record<string, string>> } = {}): Promise<void> {
    await this.stop();
    this.#properties = options.properties ?? this.#properties;
    try {
      await this.#launch();
    } catch (error) {
      await this.kill();
      throw new WeirError('WEIR-9009', `${this.#name} did not come back`, { cause: error });
    }
  }
}

export function newClusterId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
}

function memberProperties(member: ClusterMember | undefined): Record<string, string> {
  return member === undefined
    ? {}
    : { 'node.id': String(member.nodeId), 'controller.quorum.voters': member.voters };
}
