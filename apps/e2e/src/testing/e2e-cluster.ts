import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { plainReader } from '@weir/tool-chaos/plain-reader.ts';
import { ClusterClient } from '@weir/tool-cluster/cluster-client.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import type { WeirClusterOptions } from '@weir/tool-cluster/weir-cluster.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';

const weirProgram = fileURLToPath(new URL('../../../cli/bin/weir.mjs', import.meta.url));

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Letters and digits that no other test of this run has. */
export function uniqueName(what: string): string {
  return `${what}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
}

/**
 * Real processes for one test file, on the Kafka and the NATS that the whole run shares: a cluster name, a folder and
 * topics of its own.
 */
export class E2eCluster {
  readonly processes: WeirCluster;
  readonly client: ClusterClient;
  readonly kafka: KafkaCluster;
  readonly bootstrap: string;
  readonly folder: string;

  private constructor(processes: WeirCluster, kafka: KafkaCluster, bootstrap: string, folder: string) {
    this.processes = processes;
    this.client = new ClusterClient(processes.address);
    this.kafka = kafka;
    this.bootstrap = bootstrap;
    this.folder = folder;
  }

  /** @param bootstrap of another Kafka than the one that the whole run shares */
  static async start(
    options: Partial<WeirClusterOptions> = {},
    bootstrap = inject('kafkaBootstrap'),
  ): Promise<E2eCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'weir-e2e-'));
    const kafka = await KafkaCluster.open({ bootstrapServers: [bootstrap], clientId: 'weir-e2e' });
    try {
      const processes = await WeirCluster.start({
        folder,
        cluster: uniqueName('e2e'),
        natsUrl: inject('natsUrl'),
        workers: 2,
        ...options,
        environment: { WEIR_FILES_DIR: folder, ...options.environment },
      });
      return new E2eCluster(processes, kafka, bootstrap, folder);
    } catch (error) {
      await kafka.close();
      throw error;
    }
  }

  async dispose(): Promise<void> {
    this.client.close();
    await this.processes.kill();
    await this.kafka.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A new topic; its name begins with `what`. */
  async topic(what: string, partitions = 2, configs: Readonly<Record<string, string>> = {}): Promise<string> {
    const topic = uniqueName(what);
    await createTopics(this.kafka, [{ topic, partitions, configs }]);
    return topic;
  }

  /** Writes values (objects become JSON, bytes stay as they are) to the partitions in turn, or to one of them, and waits until they are there. */
  async produce(topic: string, values: readonly unknown[], to?: number): Promise<void> {
    const [description] = await this.kafka.describeTopics([topic]);
    const partitions = description?.partitions.length ?? 1;
    const producer = await IdempotentProducer.open(this.kafka);
    const writers = Array.from({ length: partitions }, () => producer.newBatch());
    for (const [index, value] of values.entries()) {
      const writer = writers[to ?? index % partitions];
      const bytes = Buffer.isBuffer(value)
        ? value
        : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
      if (writer === undefined) continue;
      writer.reserve(bytes.length);
      writer.buffer.set(bytes, writer.valueStart);
      writer.commitRecord(writer.valueStart + bytes.length, Date.now());
    }
    for (const [partition, writer] of writers.entries()) {
      if (to === undefined || to === partition) producer.send({ topic, partition }, writer);
    }
    await producer.flush();
    await producer.close();
  }

  /** The committed values of a topic, parsed. */
  async committed<T = Record<string, unknown>>(topic: string): Promise<T[]> {
    const rows: T[] = [];
    await plainReader(this.bootstrap).read(topic, ({ value }) => rows.push(JSON.parse(value) as T));
    return rows;
  }

  /** Waits until at least `count` values are committed, and gives all that are there then. */
  untilCommitted<T = Record<string, unknown>>(topic: string, count: number): Promise<T[]> {
    return waitUntil(
      async () => {
        const rows = await this.committed<T>(topic);
        return rows.length >= count && rows;
      },
      { what: `${count} committed records in ${topic}`, everyMs: 100 },
    );
  }

  /** A `WITH (…)` of a kafka table. */
  with(topic: string, type: 'source' | 'sink', more: Readonly<Record<string, string>> = {}): string {
    const options = {
      connector: 'kafka',
      bootstrap_servers: this.bootstrap,
      topic,
      type,
      format: 'json',
      ...(type === 'source' ? { 'source.offset': 'earliest' } : {}),
      ...more,
    };
    return `WITH (${Object.entries(options)
      .map(([name, value]) => `'${name}' = '${value}'`)
      .join(', ')})`;
  }

  /** Writes a SQL file for `weir`. */
  sqlFile(name: string, sql: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, sql);
    return file;
  }

  /** Runs `weir` as a person does, in a process of its own, once the controller answers: a person would try again. */
  async weir(...args: readonly string[]): Promise<CliResult> {
    await this.client.workers();
    return runWeir(args, { WEIR_CONTROLLER: this.processes.address });
  }
}

/** Runs `weir` to its end, two minutes at most. */
export function runWeir(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [weirProgram, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}
