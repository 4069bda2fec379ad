// Who may import whom. The nx tags and the dependencies in each package.json are the one source: the lint plugin beside
// this file and the test in ../src both ask here. Plain JavaScript, so that oxlint loads it under any Node.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** From below: a package imports from its own layer and from those before it. */
export const layers = ['kernel', 'system', 'model', 'engine', 'adapter', 'runtime', 'app', 'tool'];

/** Packages of these layers don't import each other. */
const layersApart = new Set(['runtime', 'app']);

/** Code that must run under a simulator: no I/O, no clock, no randomness of its own. */
const pureLayers = new Set(['kernel', 'model', 'engine']);
const purePackages = new Set(['@weir/coordinator', '@weir/task-runtime']);

/** The real clock, timers and randomness lie low, so that tests of every library can use them; pure code may not. */
const impureLayer = 'system';

const builtins = new Set(builtinModules);

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function layerOf(tags) {
  return tags.filter((tag) => tag.startsWith('layer:')).map((tag) => tag.slice('layer:'.length))[0];
}

/** The nearest folder above `file` whose package.json has workspaces. */
export function findRoot(file) {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      if (readJson(join(folder, 'package.json')).workspaces) return folder;
    } catch {
      // no package.json here
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** The package.json files of the workspaces; every pattern is a folder and a star. */
function packageFiles(root, patterns) {
  const folders = patterns
    .map((pattern) => join(root, dirname(pattern)))
    .filter((folder) => existsSync(folder));
  return folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'package.json')))
    .filter((file) => existsSync(file))
    .sort();
}

/** Every workspace of the repository at `root`, and the packages that the root itself brings. */
export function readRepository(root) {
  const rootPackage = readJson(join(root, 'package.json'));
  const workspaces = packageFiles(root, rootPackage.workspaces).map((file) => {
    const content = readJson(file);
    const tags = content.nx?.tags ?? [];
    return {
      name: content.name ?? relative(root, dirname(file)),
      folder: dirname(file),
      tags,
      layer: layerOf(tags),
      dependencies: new Set(Object.keys(content.dependencies ?? {})),
      devDependencies: new Set(Object.keys(content.devDependencies ?? {})),
    };
  });
  return { root, workspaces, rootDependencies: new Set(Object.keys(rootPackage.devDependencies ?? {})) };
}

/** Why a package of `from`'s layer may not use one of `to`'s, or undefined if it may. Tools are judged import by import. */
function upwardReason(from, to) {
  const own = layers.indexOf(from.layer);
  const other = layers.indexOf(to.layer);
  if (own < 0 || other < 0 || from === to) return undefined;
  if (other > own)
    return `${from.name} (${from.layer}) may not import ${to.name} (${to.layer}): imports go downwards only`;
  if (from.layer === to.layer && layersApart.has(from.layer)) {
    return `${from.name} may not import ${to.name}: packages of the layer '${from.layer}' don't import each other`;
  }
  return undefined;
}

function cycleProblems(workspaces) {
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
  const done = new Set();
  const problems = [];
  const visit = (workspace, path) => {
    const at = path.indexOf(workspace.name);
    if (at >= 0)
      problems.push(
        `packages import each other in a circle: ${[...path.slice(at), workspace.name].join(' -> ')}`,
      );
    if (at >= 0 || done.has(workspace.name)) return;
    for (const name of workspace.dependencies) {
      const next = byName.get(name);
      if (next !== undefined) visit(next, [...path, workspace.name]);
    }
    done.add(workspace.name);
  };
  for (const workspace of workspaces) visit(workspace, []);
  return problems;
}

/** What is wrong in the package.json files: tags, dependencies that point upwards, circles. */
export function packageProblems({ workspaces }) {
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
  const problems = cycleProblems(workspaces);
  for (const workspace of workspaces) {
    const layerTags = workspace.tags.filter((tag) => tag.startsWith('layer:'));
    const nameTags = workspace.tags.filter((tag) => tag.startsWith('name:'));
    if (layerTags.length !== 1 || nameTags.length !== 1) {
      problems.push(
        `${workspace.name}: package.json needs "nx": { "tags": ["layer:…", "name:…"] }, one of each`,
      );
    } else if (!layers.includes(workspace.layer)) {
      problems.push(
        `${workspace.name}: '${workspace.layer}' is no layer; the layers are ${layers.join(', ')}`,
      );
    }
    for (const dependency of workspace.dependencies) {
      const other = byName.get(dependency);
      if (other === undefined && dependency.startsWith('@weir/'))
        problems.push(`${workspace.name} depends on ${dependency}, which does not exist`);
      const reason =
        other === undefined || other.layer === 'tool' ? undefined : upwardReason(workspace, other);
      if (reason !== undefined) problems.push(reason);
    }
  }
  return problems;
}

/** The package that a bare specifier names: `@scope/name` or `name`. */
function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export function workspaceOf(repository, file) {
  return repository.workspaces.find((workspace) => file.startsWith(workspace.folder + sep));
}

/** Tests, benchmarks, and what only they use: files in a folder `testing`. */
export function isTestFile(file) {
  return /\.(test|bench)\.ts$/.test(file) || file.includes(`${sep}testing${sep}`);
}

/** True if code in this file has to take time, randomness and I/O as parameters. */
export function mustBePure(workspace, file) {
  return !isTestFile(file) && (pureLayers.has(workspace.layer) || purePackages.has(workspace.name));
}

function simulatedProblem(workspace, specifier) {
  return `${workspace.name} must run under a simulator and may not import '${specifier}': take a port as a parameter`;
}

function relativeImportProblem(workspace, file, specifier) {
  const target = resolve(dirname(file), specifier);
  if (!target.startsWith(workspace.folder + sep)) {
    return `'${specifier}' leaves ${workspace.name}: import another package by its name`;
  }
  return isTestFile(target) && !isTestFile(file) ? `only tests may import '${specifier}'` : undefined;
}

function workspaceImportProblem(repository, workspace, file, specifier) {
  const name = packageOf(specifier);
  const target = repository.workspaces.find((other) => other.name === name);
  if (target === undefined) return `there is no package ${name} here`;
  if (target === workspace) return `'${specifier}' is this package itself: import it by a relative path`;
  const test = isTestFile(file);
  if (target.layer === 'tool' && workspace.layer !== 'tool' && !test)
    return `only tests and tools may import ${name}`;
  if (specifier.includes('/testing/') && workspace.layer !== 'tool' && !test)
    return `only tests and tools may import '${specifier}'`;
  if (target.layer === impureLayer && mustBePure(workspace, file))
    return simulatedProblem(workspace, specifier);
  const reason = target.layer === 'tool' ? undefined : upwardReason(workspace, target);
  if (reason !== undefined) return reason;
  return declarationProblem(repository, workspace, test, name);
}

function declarationProblem(repository, workspace, test, name) {
  if (workspace.dependencies.has(name)) return undefined;
  const development = test || workspace.layer === 'tool';
  if (development && (workspace.devDependencies.has(name) || repository.rootDependencies.has(name)))
    return undefined;
  return `${name} is not among the dependencies in ${relative(repository.root, join(workspace.folder, 'package.json'))}`;
}

/** What is wrong with `file` (an absolute path) importing `specifier`, or undefined. */
export function importProblem(repository, file, specifier) {
  const workspace = workspaceOf(repository, file);
  if (workspace === undefined) return undefined;
  if (specifier.startsWith('.')) return relativeImportProblem(workspace, file, specifier);
  if (specifier.startsWith('node:') || builtins.has(specifier)) {
    return mustBePure(workspace, file) ? simulatedProblem(workspace, specifier) : undefined;
  }
  if (specifier.startsWith('@weir/')) return workspaceImportProblem(repository, workspace, file, specifier);
  return declarationProblem(repository, workspace, isTestFile(file), packageOf(specifier));
}

const impureCalls = new Set(['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'require']);
const impureMembers = new Set(['Date.now', 'Math.random', 'performance.now', 'performance.timeOrigin']);
const impureObjects = new Set(['process', 'globalThis', 'crypto']);

/** Why an expression (an ESTree node) reads the world by itself, or undefined: time, timers, randomness, the process. */
export function impurity(node) {
  const instead = 'take Clock, Timers or Rng (@weir/kernel/ports.ts) as a parameter';
  if (
    node.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    impureCalls.has(node.callee.name)
  ) {
    return `${node.callee.name}() is not for code that runs under a simulator: ${instead}`;
  }
  if (
    node.type === 'NewExpression' &&
    node.callee.type === 'Identifier' &&
    node.callee.name === 'Date' &&
    node.arguments.length === 0
  ) {
    return `new Date() reads the clock: ${instead}`;
  }
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return undefined;
  const member =
    node.property.type === 'Identifier' ? `${node.object.name}.${node.property.name}` : node.object.name;
  return impureMembers.has(member) || impureObjects.has(node.object.name)
    ? `${member} is not for code that runs under a simulator: ${instead}`
    : undefined;
}

const vagueNames = /^(utils?|helpers?|commons?|managers?|misc|shared)$/;

/** What is wrong with a file's name, or with a file that only hands on what others export (`body`: an ESTree program's). */
export function roomProblem(file, body) {
  const name = file.split(sep).at(-1) ?? '';
  if (name === 'index.ts') return 'users import files by their names: name this one for the one thing in it';
  const vague = name
    .replace(/\.ts$/, '')
    .split(/[-.]/)
    .find((word) => vagueNames.test(word));
  if (vague !== undefined) return `'${vague}' says nothing: name the file for the one thing in it`;
  const handsOn = (node) =>
    node.type === 'ImportDeclaration' ||
    node.type === 'ExportAllDeclaration' ||
    (node.type === 'ExportNamedDeclaration' && node.declaration === null);
  const exports = body.some((node) => node.type !== 'ImportDeclaration');
  return exports && body.every(handsOn)
    ? 'a barrel file: let users import the files that it hands on'
    : undefined;
}
