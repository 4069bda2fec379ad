// Makes a clone ready to use: packages, Node 24, generated code. Plain JavaScript, since it must run on Node 20.
//   node tools/setup.mjs              all of it, each step only where something is missing
//   node tools/setup.mjs --generate   the generated code alone (this is what `npm ci` runs as `prepare`)
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const neededNodeMajor = 24;
const generatedFolder = join(root, 'libs/wire/src/gen');

/** Ends set-up with what is wrong and what to do about it. */
class SetupError extends Error {}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * True if node_modules holds what package-lock.json asks for. Compares what is locked with what npm noted at its last
 * install, not file times: a branch switch touches the lock file without changing it.
 */
function packagesAreInstalled() {
  const installedPath = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const installed = readJson(installedPath).packages;
  const locked = readJson(join(root, 'package-lock.json')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional) return true;
    const found = installed[path];
    const sameCommands = JSON.stringify(found?.bin) === JSON.stringify(entry.bin);
    return found?.version === entry.version && found?.resolved === entry.resolved && sameCommands;
  });
}

function installPackages() {
  const found = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (found.error)
    throw new SetupError(`npm can't be started (${found.error.message}): install Node 20 or newer with npm`);
  if (found.status !== 0) throw new SetupError(`npm ci failed with exit code ${found.status}: see above`);
}

function majorOf(version) {
  return Number(/^v?(\d+)\./.exec(version.trim())?.[1] ?? 0);
}

/** Scripts find node_modules/.bin/node before the machine's own: one of the two has to be new enough. */
function checkNode() {
  if (majorOf(process.versions.node) >= neededNodeMajor) return;
  const packaged = spawnSync(join(root, 'node_modules/.bin/node'), ['--version'], { encoding: 'utf8' });
  if (!packaged.error && majorOf(packaged.stdout ?? '') >= neededNodeMajor) return;
  throw new SetupError(
    `Weir runs on Node ${neededNodeMajor}; this is ${process.version}, and the npm package 'node' has no binary for it ` +
      `(its install script did not run). Run: npm rebuild node --ignore-scripts=false   or install Node ${neededNodeMajor}.`,
  );
}

function filesBelow(folder, extension) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(folder, name))
    .sort();
}

/** Changes whenever the generated code could: the .proto files, the options, the generator's version. */
function generatorInputHash(protoFiles) {
  const hash = createHash('sha256');
  for (const file of [
    ...protoFiles,
    join(root, 'buf.gen.yaml'),
    join(root, 'node_modules/ts-proto/package.json'),
  ]) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Writes into a folder beside the real one and swaps them at the end, so that a broken .proto file leaves the old code alone. */
function generateCode() {
  const protoFiles = filesBelow(join(root, 'proto'), '.proto');
  mkdirSync(generatedFolder, { recursive: true });
  if (protoFiles.length === 0) return false;
  const hash = generatorInputHash(protoFiles);
  const hashFile = join(generatedFolder, '.input-hash');
  if (existsSync(hashFile) && readFileSync(hashFile, 'utf8') === hash) return false;

  const fresh = `${generatedFolder}.${process.pid}.new`;
  const old = `${generatedFolder}.${process.pid}.old`;
  const template = readFileSync(join(root, 'buf.gen.yaml'), 'utf8').replace(
    'out: libs/wire/src/gen',
    `out: ${relative(root, fresh)}`,
  );
  const templateFile = `${fresh}.buf.gen.yaml`;
  try {
    writeFileSync(templateFile, template);
    const done = spawnSync(join(root, 'node_modules/.bin/buf'), ['generate', '--template', templateFile], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (done.error) throw new SetupError(`buf can't be started (${done.error.message}): run npm ci`);
    if (done.status !== 0) throw new SetupError('buf generate failed: correct the .proto file named above');
    writeFileSync(join(fresh, '.input-hash'), hash);
    renameSync(generatedFolder, old);
    renameSync(fresh, generatedFolder);
    return true;
  } finally {
    for (const leftover of [templateFile, fresh, old]) rmSync(leftover, { recursive: true, force: true });
  }
}

/** For `npm start`, which tells how long its steps took: this one was a process of its own. */
function noteDuration(startedMs) {
  const folder = join(root, 'node_modules/.cache');
  mkdirSync(folder, { recursive: true });
  const endedAtMs = Date.now();
  writeFileSync(
    join(folder, 'weir-setup.json'),
    JSON.stringify({ seconds: (endedAtMs - startedMs) / 1000, endedAtMs }),
  );
}

const startedMs = Date.now();
try {
  if (!process.argv.includes('--generate')) {
    if (!packagesAreInstalled()) {
      console.error('setup: installing packages (npm ci)');
      installPackages();
    }
    checkNode();
    noteDuration(startedMs);
  }
  if (generateCode()) console.error('setup: generated libs/wire/src/gen from proto/');
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`setup: ${error.message}`);
  process.exitCode = 1;
}
