import { isTestFile } from '../../lint/layer-rule.mjs';
import type { SourceFile } from './source-tree.ts';

export interface DeadExports {
  /** `file#name` of what no other file imports: it is the file's own, or nobody's. */
  readonly unused: readonly string[];
  /** `file#name` in libs/ and apps/ of what tests alone import: the product doesn't need it. */
  readonly forTestsOnly: readonly string[];
}

/**
 * Exports that nothing needs. A type that its own file names again is needed: it is part of what the file's other exports look like.
 * What a program loads by its path (`default`) isn't seen.
 */
export function deadExports(tree: readonly SourceFile[]): DeadExports {
  const users = importersByName(tree);
  const unused: string[] = [];
  const forTestsOnly: string[] = [];
  for (const file of tree) {
    if (users.has(`${file.path}#*`)) continue;
    for (const name of file.exports) {
      if (name === 'default' || isNamedTwice(file, name)) continue;
      const by = users.get(`${file.path}#${name}`) ?? [];
      if (by.length === 0) unused.push(`${file.path}#${name}`);
      else if (isProduct(file.path) && by.every(isOfTests)) forTestsOnly.push(`${file.path}#${name}`);
    }
  }
  return { unused, forTestsOnly };
}

function importersByName(tree: readonly SourceFile[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { path, imports } of tree) {
    for (const { file, names } of imports) {
      for (const name of names) {
        const key = `${file}#${name}`;
        const found = users.get(key);
        if (found === undefined) users.set(key, [path]);
        else found.push(path);
      }
    }
  }
  return users;
}

function isNamedTwice({ types, code }: SourceFile, name: string): boolean {
  if (!types.has(name)) return false;
  return code.split(new RegExp(`\\b${name}\\b`)).length > 2;
}

/** Benchmarks beside `src` are as tests. */
const isOfTests = (path: string): boolean => isTestFile(path) || path.includes('/bench/');

const isProduct = (path: string): boolean =>
  /^(libs|apps)\//.test(path) && !/^(libs\/testkit|apps\/e2e)\//.test(path) && !isOfTests(path);
