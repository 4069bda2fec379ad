import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dockerAnswers, dockerRun } from './docker-run.ts';
import { cached } from './download-cache.ts';
import { firstWay, type Ways } from './first-way.ts';
import { kafkasJava, type Java } from './java.ts';
import type { Command } from './process-group.ts';
import { findOnPath, isAtLeast, parseVersion, runCommand } from './run-command.ts';

/** A way to run Kafka programs on this machine. */
export interface KafkaLauncher {
  /** For people: where it came from. */
  readonly source: string;
  /** The host that listeners bind to: all of the container's own if it runs in one, whose ports are then mapped to loopback. */
  readonly bindHost: '127.0.0.1' | '0.0.0.0';
  /** The command that formats the broker's data folder. `folder` holds the configuration and the data. */
  format(run: KafkaRun, args: readonly string[]): Command;
  /** The command that is the broker, in the foreground. */
  serve(run: KafkaRun): Command;
}

export interface KafkaRun {
  /** Holds everything of this broker. */
  readonly folder: string;
  /** server.properties, below `folder`. */
  readonly configuration: string;
  /** log4j2.properties, below `folder`. */
  readonly logging: string;
  readonly jvmArgs: readonly string[];
  /** Ports that are reached from outside. */
  readonly ports: readonly number[];
}

const kafkaVersion = '4.1.1';
/** `--standalone` formatting and the transaction protocol that Weir is tested with. */
const minimumKafka = [4, 0] as const;

/** Kafka's own scripts, from an installation on the PATH (Homebrew's have no `.sh`). */
async function launcherOnPath(): Promise<KafkaLauncher | undefined> {
  const server = findOnPath('kafka-server-start.sh', 'kafka-server-start');
  const storage = findOnPath('kafka-storage.sh', 'kafka-storage');
  const topics = findOnPath('kafka-topics.sh', 'kafka-topics');
  if (server === undefined || storage === undefined || topics === undefined) return undefined;
  const answer = await runCommand(topics, ['--version'], { deadlineMs: 30_000 });
  const version = parseVersion(answer.stdout);
  if (!answer.ok || !isAtLeast(version, minimumKafka)) return undefined;
  return {
    source: `Kafka ${version?.join('.')} on the PATH (${server})`,
    bindHost: '127.0.0.1',
    format: (run, args) => ({ program: storage, args: ['format', '-c', run.configuration, ...args] }),
    serve: (run) => ({
      program: server,
      args: [run.configuration],
      env: {
        KAFKA_HEAP_OPTS: run.jvmArgs.join(' '),
        KAFKA_LOG4J_OPTS: `-Dlog4j2.configurationFile=${run.logging}`,
        LOG_DIR: join(run.folder, 'jvm'),
      },
    }),
  };
}

/** The official image. */
async function launcherInDocker(): Promise<KafkaLauncher | undefined> {
  if (!(await dockerAnswers())) return undefined;
  const image = `apache/kafka:${kafkaVersion}`;
  const logFolder = { LOG_DIR: '/tmp/kafka-logs' };
  return {
    source: `Docker (${image})`,
    bindHost: '0.0.0.0',
    format: ({ folder, configuration }, args) =>
      dockerRun({
        image,
        folder,
        env: logFolder,
        entrypoint: '/opt/kafka/bin/kafka-storage.sh',
        args: ['format', '-c', configuration, ...args],
      }),
    serve: ({ ports, folder, configuration, logging, jvmArgs }) =>
      dockerRun({
        image,
        name: 'weir-kafka',
        folder,
        ports,
        env: {
          ...logFolder,
          KAFKA_HEAP_OPTS: jvmArgs.join(' '),
          KAFKA_LOG4J_OPTS: `-Dlog4j2.configurationFile=${logging}`,
        },
        entrypoint: '/opt/kafka/bin/kafka-server-start.sh',
        args: [configuration],
      }),
  };
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>weir</groupId>
  <artifactId>stack-kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${kafkaVersion}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.25.1</version>
      <scope>runtime</scope>
    </dependency>
  </dependencies>
</project>
`;

/** Fetches Kafka's jars with everything they need. The folder is flat: `java -cp 'folder/*'`. */
async function kafkaJars(java: Java, say: (line: string) => void): Promise<string | undefined> {
  const maven = findOnPath('mvn');
  return cached(`kafka-${kafkaVersion}`, async (folder) => {
    if (maven === undefined) return false;
    say(`fetching Kafka ${kafkaVersion} (Maven Central, 43 MB)`);
    writeFileSync(join(folder, 'pom.xml'), pom);
    const args = [
      '-q',
      '-B',
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${folder}`,
    ];
    const env = java.home === undefined ? {} : { JAVA_HOME: java.home };
    const done = await runCommand(maven, args, { cwd: folder, env, deadlineMs: 300_000 });
    if (!done.ok) say(`mvn failed: ${(done.stdout + done.stderr).trim().split('\n')[0] ?? ''}`);
    return done.ok && readdirSync(folder).includes(`kafka_2.13-${kafkaVersion}.jar`);
  });
}

async function launcherFromMaven(say: (line: string) => void): Promise<KafkaLauncher | undefined> {
  const java = await firstWay(kafkasJava, say);
  const jars = java === undefined ? undefined : await kafkaJars(java, say);
  if (java === undefined || jars === undefined) return undefined;
  const base = ['-cp', join(jars, '*')];
  return {
    source: `Kafka ${kafkaVersion} from Maven Central, ${java.description}`,
    bindHost: '127.0.0.1',
    format: (run, args) => ({
      program: java.program,
      args: [
        ...[
          '-XX:TieredStopAtLevel=1',
          '-XX:+UseSerialGC',
          `-Dlog4j2.configurationFile=${run.logging}`,
          ...base,
        ],
        ...['kafka.tools.StorageTool', 'format', '-c', run.configuration, ...args],
      ],
    }),
    serve: (run) => ({
      program: java.program,
      args: [
        ...[...run.jvmArgs, `-Dlog4j2.configurationFile=${run.logging}`, ...base],
        ...['kafka.Kafka', run.configuration],
      ],
    }),
  };
}

/** An installation on the PATH, Docker, Maven Central with Java 17. */
export const kafkaWays: Ways<KafkaLauncher> = {
  what: 'Kafka',
  variable: 'WEIR_STACK_KAFKA',
  ways: { path: launcherOnPath, docker: launcherInDocker, maven: launcherFromMaven },
  missing: {
    code: 'WEIR-9004',
    install:
      'install Docker, or Java 17 with Maven, or Kafka 4 on the PATH, or set WEIR_KAFKA_BOOTSTRAP to a broker',
  },
};
