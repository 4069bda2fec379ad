import { basename } from 'node:path';
import { isTestFile } from '../../lint/layer-rule.mjs';
import type { SourceFile } from './source-tree.ts';

/** How many files bear a name, by name, for names that more than one bears. Tests are named for what they test. */
export function filesOfOneName(tree: readonly SourceFile[]): Map<string, number> {
  return moreThanOnce(
    tree.filter(({ path }) => !path.endsWith('.test.ts')).map(({ path }) => basename(path)),
  );
}

/** In how many files of the product a name is exported, for names that more than one exports. */
export function exportsOfOneName(tree: readonly SourceFile[]): Map<string, number> {
  const product = tree.filter(({ path }) => /^(libs|apps)\//.test(path) && !isTestFile(path));
  return moreThanOnce(product.flatMap(({ exports }) => [...new Set(exports)]));
}

function moreThanOnce(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...counts].filter(([, count]) => count > 1));
}
