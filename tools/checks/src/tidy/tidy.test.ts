import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { deadExports } from './dead-exports.ts';
import { importCircles } from './import-circles.ts';
import known from './known-exceptions.json' with { type: 'json' };
import { missingPaths } from './named-paths.ts';
import { exportsOfOneName, filesOfOneName } from './equal-names.ts';
import { readModule, readSourceTree, type SourceFile } from './source-tree.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const tree = readSourceTree(root);
const dead = deadExports(tree);

/**
 * Each list of known-exceptions.json is held to the letter: what is new is mended, not listed, and what was mended is taken off the list.
 */
function heldTo(found: readonly string[], exceptions: readonly string[]): void {
  expect({
    new: found.filter((one) => !exceptions.includes(one)),
    'mended: take it off the list': exceptions.filter((one) => !found.includes(one)),
  }).toEqual({ new: [], 'mended: take it off the list': [] });
}

const counted = (names: ReadonlyMap<string, number>): string[] =>
  [...names].map(([name, count]) => `${name} x ${count}`);

describe('tidy', () => {
  test('what is exported is used by another file', () => heldTo(dead.unused, known.unusedExports));

  test('what libs/ and apps/ export is used by more than tests', () =>
    heldTo(dead.forTestsOnly, known.exportsForTestsOnly));

  test('no files import each other in a circle, by types neither', () => {
    expect(tree.length).toBeGreaterThan(500);
    expect(importCircles(tree)).toEqual([]);
  });

  test('every path that docs, README or a comment names is there', () =>
    expect(missingPaths(root, tree)).toEqual([]));

  test('files of one name mean one thing', () => {
    const allowed = Object.entries(known.filesOfOneName).map(([name, { files }]) => `${name} x ${files}`);
    heldTo(counted(filesOfOneName(tree)), allowed);
  });

  test('one exported name stands in one file of the product', () => {
    const allowed = Object.entries(known.exportsOfOneName).map(([name, files]) => `${name} x ${files}`);
    heldTo(counted(exportsOfOneName(tree)), allowed);
  });
});

function file(path: string, text: string, imports: Readonly<Record<string, string>> = {}): SourceFile {
  const found = readModule(path, text);
  return {
    path,
    exports: found.exports,
    types: new Set([...text.matchAll(/export (?:interface|type) (\w+)/g)].map(([, name = '']) => name)),
    imports: found.imports.map((one) => ({ ...one, file: imports[one.specifier] ?? null })),
    code: text,
    comments: found.comments.map(({ value }) => value).join('\n'),
  };
}

describe('the checks themselves', () => {
  const [a, b, c] = ['libs/x/src/a.ts', 'libs/x/src/b.ts', 'libs/x/src/a.test.ts'];

  test('see an export that nobody imports, and one that tests alone import', () => {
    const found = deadExports([
      file(a, `export const used = 1; export const own = used; export function tried() {}`),
      file(b, `import { used } from './a.ts'; used;`, { './a.ts': a }),
      file(c, `import { tried } from './a.ts'; tried();`, { './a.ts': a }),
    ]);
    expect(found).toEqual({ unused: [`${a}#own`], forTestsOnly: [`${a}#tried`] });
  });

  test('take a type for used that its file names again, and everything of a file that is taken whole', () => {
    const types = `export interface Part {} export interface Lost {} export function f(p: Part) {} f;`;
    const whole = file(b, `const all = await import('./a.ts'); import('./d.ts').then(({ x }) => x);`, {
      './a.ts': a,
      './d.ts': 'libs/x/src/d.ts',
    });
    expect(deadExports([file(a, types)]).unused).toEqual([`${a}#Lost`, `${a}#f`]);
    expect(deadExports([file(a, types), whole]).unused).toEqual([]);
  });

  test('see what import() and types take', () => {
    const text = `const { one, two: other } = await import('./a.ts'); type T = import('./b.ts').Three;`;
    expect(readModule(b, text).imports).toEqual([
      { specifier: './a.ts', names: ['one', 'two'] },
      { specifier: './b.ts', names: ['Three'] },
    ]);
  });

  test('see a circle of two files by their types, and none where there is none', () => {
    const toB = file(a, `import type { B } from './b.ts'; export type A = B;`, { './b.ts': b });
    const toA = file(b, `import type { A } from './a.ts'; export type B = A;`, { './a.ts': a });
    expect(importCircles([toB, toA])).toEqual([`${a} ${b}`]);
    expect(importCircles([toB, file(b, `export type B = 1;`)])).toEqual([]);
  });

  test('see a path in a comment that is not there', () => {
    const text = `// see tools/checks/src/tidy/gone.ts, tidy.test.ts and never-was.ts\nexport {};`;
    expect(missingPaths(root, [file(a, text)])).toEqual([
      `${a}: tools/checks/src/tidy/gone.ts`,
      `${a}: never-was.ts`,
    ]);
  });

  test('count files and exports of one name, tests left out', () => {
    const other = 'apps/y/src/a.ts';
    const files = [file(a, `export const x = 1;`), file(other, `export const x = 2;`), file(c, '')];
    expect([...filesOfOneName(files)]).toEqual([['a.ts', 2]]);
    expect([...exportsOfOneName(files)]).toEqual([['x', 2]]);
  });
});
