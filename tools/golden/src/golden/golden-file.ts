import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { InputLine } from '@weir/connectors/testing/test-input.ts';

/** Lines of one `/* input … *\/` block. */
export interface InputBlock {
  readonly table: string;
  readonly partitions: number;
  readonly lines: readonly InputLine[];
}

/** An error that the file expects: of the compiler (with its place), or of the running pipeline. */
export interface ExpectedError {
  readonly code: string;
  /** `line:column`, from 1; null for a pipeline that stops. */
  readonly place: string | null;
}

/**
 * A golden file: SQL with comments that hold its inputs and what must come out. See README.md of this folder for the form.
 */
export interface GoldenFile {
  /** Below `queries/`, without `.sql`. */
  readonly name: string;
  readonly sql: string;
  readonly inputs: readonly InputBlock[];
  /** Table -> lines that must be committed in the end, in the order of the file. */
  readonly outputs: ReadonlyMap<string, readonly string[]>;
  /** Table -> lines that must be committed before the inputs end. */
  readonly early: ReadonlyMap<string, readonly string[]>;
  /** Table -> columns whose values must not come twice. */
  readonly primaryKeys: ReadonlyMap<string, readonly string[]>;
  /** A step of the input is in a committed epoch before the next one comes: for what depends on how far watermarks have come. */
  readonly paced: boolean;
  /** Errors of the compiler, in the order of the text; empty when it compiles. */
  readonly refused: readonly ExpectedError[];
  /** The error that stops the running pipeline, or null. */
  readonly stops: ExpectedError | null;
}

const queriesFolder = new URL('../../queries/', import.meta.url);

const defaultPartitions = 4;
const blockPattern = /^\/\* (input|output|early) (\S+)(.*)\n([^]*?)^\*\/\n?/gm;
const headerPattern = /^-- (refused|stops|primary-key): (.*)$/gm;

/** Every golden file, by name, in order. */
export function goldenNames(): string[] {
  return readdirSync(queriesFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sql'))
    .map((path) => path.slice(0, -'.sql'.length))
    .toSorted();
}

export function readGoldenFile(name: string): GoldenFile {
  const sql = readFileSync(new URL(`${name}.sql`, queriesFolder), 'utf8');
  const inputs = new Map<string, InputBlock>();
  const outputs = new Map<string, readonly string[]>();
  const early = new Map<string, readonly string[]>();
  for (const [, kind, table = '', rest = '', body = ''] of sql.matchAll(blockPattern)) {
    if (kind === 'input') inputs.set(table, inputBlock(table, rest, body, inputs.get(table)));
    else
      (kind === 'output' ? outputs : early).set(
        table,
        body.split('\n').filter((line) => line !== ''),
      );
  }
  const headers = [...sql.matchAll(headerPattern)];
  const valuesOf = (key: string): string[] =>
    headers.flatMap(([, each, value]) => (each === key ? [value ?? ''] : []));
  return {
    name,
    sql,
    inputs: [...inputs.values()],
    outputs,
    early,
    primaryKeys: new Map(valuesOf('primary-key').map(readKey)),
    paced: /^-- paced$/m.test(sql),
    refused: valuesOf('refused').map(readError),
    stops: valuesOf('stops').map(readError)[0] ?? null,
  };
}

/** An empty line begins a step. Lines go round the partitions, unless the block says which one they are of. */
function inputBlock(table: string, rest: string, body: string, before: InputBlock | undefined): InputBlock {
  const fixed = /partition (\d+)/.exec(rest)?.[1];
  const partitions = Number(/partitions (\d+)/.exec(rest)?.[1] ?? before?.partitions ?? defaultPartitions);
  const lines: InputLine[] = [...(before?.lines ?? [])];
  let step = 0;
  for (const text of body.replace(/\n$/, '').split('\n')) {
    if (text === '') step += 1;
    else
      lines.push({ text, step, partition: fixed === undefined ? lines.length % partitions : Number(fixed) });
  }
  return { table, partitions, lines };
}

function readError(text: string): ExpectedError {
  const match = /^(WEIR-\d{4})(?: at (\d+:\d+))?$/.exec(text);
  if (match === null) throw new Error(`'${text}' is no expected error: write WEIR-1234 at 5:8`);
  return { code: match[1] ?? '', place: match[2] ?? null };
}

function readKey(text: string): [string, string[]] {
  const match = /^(\w+)\((.*)\)$/.exec(text);
  if (match === null) throw new Error(`'${text}' is no primary key: write table(a, b)`);
  return [match[1] ?? '', (match[2] ?? '').split(',').map((column) => column.trim())];
}

/** Writes outputs into the file, in place of those that it has (`WEIR_GOLDEN_UPDATE=1`). */
export function writeOutputs(file: GoldenFile, actual: Readonly<Record<string, readonly string[]>>): void {
  const kept = file.sql.replace(/\n*^\/\* output (\S+)\n[^]*?^\*\/\n?/gm, '');
  const blocks = Object.entries(actual).map(
    ([table, lines]) => `\n/* output ${table}\n${lines.map((line) => `${line}\n`).join('')}*/\n`,
  );
  writeFileSync(new URL(`${file.name}.sql`, queriesFolder), `${kept.trimEnd()}\n${blocks.join('')}`);
}

/** Writes the errors into the head of the file. */
export function writeRefused(file: GoldenFile, actual: readonly ExpectedError[]): void {
  const lines = file.sql.split('\n').filter((line) => !line.startsWith('-- refused:'));
  const first = lines.findIndex((line) => !line.startsWith('--'));
  const removed = file.sql.split('\n').length - lines.length;
  const shift = actual.length - removed;
  const headers = actual.map(
    ({ code, place }) => `-- refused: ${code}${place === null ? '' : ` at ${shifted(place, shift)}`}`,
  );
  lines.splice(first, 0, ...headers);
  writeFileSync(new URL(`${file.name}.sql`, queriesFolder), lines.join('\n'));
}

function shifted(place: string, lines: number): string {
  const [line = '0', column = '0'] = place.split(':');
  return `${Number(line) + lines}:${column}`;
}
