import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../regressions/', import.meta.url));

/** A seed that once failed. */
export interface Regression {
  readonly seed: string;
  /** What went wrong, for people. */
  readonly what: string;
}

/** All that are kept, by seed. */
export function regressions(): Regression[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Regression);
}

/** Keeps a failing seed, to be played first from now on. @returns its file */
export function keepRegression(seed: string, problems: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${seed.replace(/[^A-Za-z0-9-]/g, '_')}.json`);
  if (!existsSync(file)) {
    const what = problems.slice(0, 3).join('; ');
    writeFileSync(file, `${JSON.stringify({ seed, what }, null, 2)}\n`);
  }
  return file;
}
