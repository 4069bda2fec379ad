import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './download-cache.ts';
import { firstWay, type Ways } from './first-way.ts';
import { apicuriosJava } from './java.ts';
import type { Command } from './process-group.ts';
import { findOnPath, runCommand } from './run-command.ts';

/** A way to run a schema registry on this machine. */
export interface RegistryLauncher {
  /** For people: where it came from. */
  readonly source: string;
  /** The server in the foreground; it keeps everything in memory. */
  serve(run: { port: number; managementPort: number; users?: readonly RegistryUser[] }): Command;
}

/** Somebody who may do everything, by basic auth. */
export interface RegistryUser {
  readonly name: string;
  readonly password: string;
}

const version = '3.3.3';
const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;

async function apicurioFolder(say: (line: string) => void): Promise<string | undefined> {
  return cached(`apicurio-${version}`, async (folder) => {
    const maven = findOnPath('mvn');
    const tar = findOnPath('tar');
    if (maven === undefined || tar === undefined) return false;
    say(`fetching Apicurio Registry ${version} (Maven Central, 158 MB)`);
    const args = ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
    const fetched = await runCommand(maven, args, { cwd: folder, deadlineMs: 600_000 });
    const archive = readdirSync(folder).find((name) => name.endsWith('.tar.gz'));
    if (!fetched.ok || archive === undefined) {
      say(`mvn failed: ${(fetched.stdout + fetched.stderr).trim().split('\n')[0] ?? ''}`);
      return false;
    }
    const unpacked = await runCommand(tar, ['-xzf', archive], { cwd: folder, deadlineMs: 120_000 });
    return unpacked.ok && existsSync(join(folder, 'quarkus-run.jar'));
  });
}

async function apicurio(say: (line: string) => void): Promise<RegistryLauncher | undefined> {
  const java = await firstWay(apicuriosJava, say);
  const folder = java === undefined ? undefined : await apicurioFolder(say);
  if (java === undefined || folder === undefined) return undefined;
  return {
    source: `Apicurio Registry ${version} from Maven Central, ${java.description}`,
    serve: ({ port, managementPort, users = [] }) => ({
      program: java.program,
      args: [
        ...['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
        ...['-Dquarkus.http.host=127.0.0.1', `-Dquarkus.http.port=${port}`],
        ...['-Dquarkus.management.host=127.0.0.1', `-Dquarkus.management.port=${managementPort}`],
        ...['-Dapicurio.storage.kind=sql', '-Dapicurio.storage.sql.kind=h2'],
        '-Dapicurio.rules.global.compatibility=BACKWARD',
        '-Dapicurio.rules.global.validity=FULL',
        '-Dapicurio.rules.global.integrity=REFS_EXIST',
        ...(users.length === 0 ? [] : authArgs(users)),
        ...['-jar', join(folder, 'quarkus-run.jar')],
      ],
    }),
  };
}

function authArgs(users: readonly RegistryUser[]): string[] {
  const embedded = '-Dquarkus.security.users.embedded';
  return [
    '-Dquarkus.http.auth.basic=true',
    `${embedded}.plain-text=true`,
    '-Dapicurio.auth.role-based-authorization=true',
    ...users.flatMap(({ name, password }) => [
      `${embedded}.users.${name}=${password}`,
      `${embedded}.roles.${name}=sr-admin`,
    ]),
  ];
}

/** Apicurio Registry, with Confluent's REST API below a path. */
export const registryWays: Ways<RegistryLauncher> = {
  what: 'a schema registry',
  ways: { maven: apicurio },
  missing: { code: 'WEIR-9015', install: 'install Java 21 or newer, and Maven' },
};
