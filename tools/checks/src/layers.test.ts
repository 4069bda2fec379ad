import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readModule } from './tidy/source-tree.ts';
import { importProblem, layers, packageProblems, readRepository, workspaceOf } from '../lint/layer-rule.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const repository = readRepository(root);

function importsOf(file: string): string[] {
  return readModule(file, readFileSync(file, 'utf8')).imports.map(({ specifier }) => specifier);
}

const sources = globSync('{libs,apps,tools}/*/src/**/*.ts', {
  cwd: root,
  exclude: (name) => name === 'gen' || name === 'node_modules',
}).map((name) => join(root, name));

test('every workspace has its tags, depends downwards only, and there are no circles', () => {
  expect(repository.workspaces.length).toBeGreaterThan(15);
  expect(packageProblems(repository)).toEqual([]);
});

test('every import goes downwards and is declared', () => {
  expect(sources.length).toBeGreaterThan(20);
  const problems = sources.flatMap((file) =>
    importsOf(file).flatMap((specifier) => {
      const problem = importProblem(repository, file, specifier);
      return problem === undefined ? [] : [`${relative(root, file)}: ${problem}`];
    }),
  );
  expect(problems).toEqual([]);
});

test('every source file belongs to a workspace', () => {
  const strays = sources.filter((file) => workspaceOf(repository, file) === undefined);
  expect(strays.map((file) => relative(root, file))).toEqual([]);
});

function workspace(
  name: string,
  layer: string,
  dependencies: readonly string[] = [],
  tags?: readonly string[],
) {
  const folder = `/repo/${name}`;
  const allTags = tags ?? [`layer:${layer}`, `name:${name}`];
  const devDependencies = new Set<string>(['@weir/testkit', '@weir/system']);
  return { name, folder, layer, tags: allTags, dependencies: new Set(dependencies), devDependencies };
}

const sample = {
  root: '/repo',
  rootDependencies: new Set(['vitest']),
  workspaces: [
    workspace('@weir/kernel', 'kernel'),
    workspace('@weir/system', 'system', ['@weir/kernel']),
    workspace('@weir/plan', 'model', ['@weir/kernel']),
    workspace('@weir/sql', 'engine', ['@weir/kernel', '@weir/plan', 'kafkajs']),
    workspace('@weir/coordinator', 'runtime', ['@weir/kernel', '@weir/sql']),
    workspace('@weir/schemas', 'runtime', ['@weir/kernel']),
    workspace('@weir/app-worker', 'app', ['@weir/kernel']),
    workspace('@weir/app-cli', 'app', ['@weir/kernel']),
    workspace('@weir/testkit', 'tool', ['@weir/kernel', '@weir/coordinator']),
  ],
};

describe('an import', () => {
  test.each([
    ['sql/src/a.ts', '@weir/kernel/assert.ts', undefined],
    ['sql/src/a.ts', '../src/b.ts', undefined],
    ['sql/src/a.ts', 'kafkajs', undefined],
    ['sql/src/a.ts', 'kafkajs/src/x.js', undefined],
    ['sql/src/a.ts', '../../plan/src/b.ts', /leaves @weir\/sql/],
    ['sql/src/a.ts', 'ajv', /ajv is not among the dependencies in @weir\/sql\/package.json/],
    ['sql/src/a.ts', '@weir/coordinator/x.ts', /imports go downwards only/],
    ['sql/src/a.ts', '@weir/nothing/x.ts', /no package @weir\/nothing/],
    ['sql/src/a.ts', '@weir/sql/b.ts', /by a relative path/],
    ['sql/src/a.ts', 'node:fs', /must run under a simulator/],
    ['sql/src/a.ts', 'fs', /must run under a simulator/],
    ['sql/src/a.test.ts', 'node:fs', undefined],
    ['sql/src/a.test.ts', 'vitest', undefined],
    ['sql/src/a.test.ts', './testing/rows.ts', undefined],
    ['sql/src/testing/rows.ts', 'vitest', undefined],
    ['sql/src/a.ts', './testing/rows.ts', /only tests may import/],
    ['sql/src/a.ts', 'vitest', /vitest is not among/],
    ['sql/src/a.test.ts', '@weir/testkit/clock.ts', undefined],
    ['sql/src/a.ts', '@weir/testkit/clock.ts', /only tests and tools/],
    ['sql/src/a.ts', '@weir/system/x.ts', /must run under a simulator/],
    ['coordinator/src/a.ts', '@weir/system/x.ts', /must run under a simulator/],
    ['sql/src/a.test.ts', '@weir/system/x.ts', undefined],
    ['sql/src/a.ts', '@weir/plan/testing/x.ts', /only tests and tools may import/],
    ['sql/src/a.test.ts', '@weir/plan/testing/x.ts', undefined],
    ['testkit/src/a.ts', '@weir/coordinator/testing/x.ts', undefined],
    ['plan/src/a.ts', '@weir/sql/x.ts', /imports go downwards only/],
    ['coordinator/src/a.ts', '@weir/schemas/x.ts', /don't import each other/],
    ['coordinator/src/a.ts', 'node:net', /must run under a simulator/],
    ['schemas/src/a.ts', 'node:net', undefined],
    ['app-cli/src/a.ts', '@weir/app-worker/x.ts', /don't import each other/],
    ['app-cli/src/a.ts', '@weir/sql/x.ts', /@weir\/sql is not among/],
    ['testkit/src/a.ts', '@weir/coordinator/x.ts', undefined],
  ])('in %s of %s', (file, specifier, problem) => {
    const found = importProblem(sample, `/repo/@weir/${file}`, specifier);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });
});

describe('a package', () => {
  const withPackage = (added: ReturnType<typeof workspace>) =>
    packageProblems({ ...sample, workspaces: [...sample.workspaces, added] });

  test('without problems has none', () => expect(packageProblems(sample)).toEqual([]));

  test.each([
    ['has no tags', workspace('@weir/new', '', [], []), /@weir\/new: package.json needs "nx"/],
    [
      'has two layers',
      workspace('@weir/new', 'app', [], ['layer:app', 'layer:tool', 'name:new']),
      /one of each/,
    ],
    ['has an unknown layer', workspace('@weir/new', 'attic'), /'attic' is no layer/],
    ['depends upwards', workspace('@weir/new', 'model', ['@weir/sql']), /imports go downwards only/],
    ['depends on another app', workspace('@weir/new', 'app', ['@weir/app-cli']), /don't import each other/],
    ['depends on what is not there', workspace('@weir/new', 'app', ['@weir/nothing']), /does not exist/],
    ['depends on itself', workspace('@weir/new', 'app', ['@weir/new']), /circle: @weir\/new -> @weir\/new/],
  ])('that %s', (_, added, problem) => {
    expect(withPackage(added)).toEqual([expect.stringMatching(problem)]);
  });

  test('that closes a circle', () => {
    const circle = [workspace('@weir/a', 'engine', ['@weir/b']), workspace('@weir/b', 'engine', ['@weir/a'])];
    expect(packageProblems({ ...sample, workspaces: circle })).toEqual([
      'packages import each other in a circle: @weir/a -> @weir/b -> @weir/a',
    ]);
  });
});

/** By name, those to come too: a library that is made is where the architecture has it. */
const planned: Readonly<Record<string, readonly string[]>> = {
  kernel: ['kernel'],
  system: ['system'],
  model: ['columnar', 'wire', 'plan', 'epoch-protocol', 'kafka-model', 'rest-contract'],
  engine: ['sql', 'formats', 'state', 'operators'],
  adapter: [
    ...['configuration', 'security', 'kafka', 'object-store', 'control-bus', 'telemetry', 'connectors'],
    ...['process', 'functions'],
  ],
  runtime: ['coordinator', 'task-runtime', 'schemas'],
  tool: ['testkit'],
};

test('every library is in the layer that the architecture gives it', () => {
  const wanted = Object.entries(planned).flatMap(([layer, names]) =>
    names.map((name) => [`@weir/${name}`, layer] as const),
  );
  const layerOf = new Map<string, string>(wanted);
  const libraries = repository.workspaces.filter(({ folder }) => folder.startsWith(join(root, 'libs')));
  expect(libraries.map(({ name, layer }) => [name, layer])).toEqual(
    libraries.map(({ name }) => [name, layerOf.get(name)]),
  );
});

test('the layers are those of the architecture, from below', () => {
  expect(layers).toEqual(['kernel', 'system', 'model', 'engine', 'adapter', 'runtime', 'app', 'tool']);
});
