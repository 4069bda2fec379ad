import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { TestInput } from '@weir/connectors/testing/test-input.ts';
import { WeirInProcess } from '../weir-in-process.ts';
import { TestTables } from '@weir/connectors/testing/test-tables.ts';
import { normalRows, parseExactly } from './compare-values.ts';
import { DuckDbOracle } from './duckdb-oracle.ts';
import { columnList, randomCase } from './random-case.ts';
import type { RandomCase, RandomRow } from './random-case.ts';

/*
 * Random queries over random rows, in Weir and in DuckDB: the same results. `WEIR_DIFF_SEEDS=from:count` takes other seeds. A seed
 * that fails is written into failing-seeds.json, from then on it comes first: commit it with what repairs it.
 */

const seedsFile = new URL('failing-seeds.json', import.meta.url);
const kept = JSON.parse(readFileSync(seedsFile, 'utf8')) as number[];
const [from = 1, count = 40] = (process.env['WEIR_DIFF_SEEDS'] ?? '1:40').split(':').map(Number);
const seeds = [...new Set([...kept, ...Array.from({ length: count }, (_, index) => from + index)])];

let weir: WeirInProcess;
beforeAll(async () => {
  weir = await WeirInProcess.start(new MemoryStore(), new Map());
});
afterAll(async () => weir.end());

function lineOf(row: RandomRow): string {
  const { a, c, e, ...rest } = row;
  const numbers = Object.entries({ a, c, e }).map(([name, value]) => `"${name}":${value ?? 'null'}`);
  return `${JSON.stringify(rest).slice(0, -1)},${numbers.join(',')}}`;
}

function pipelineSql({ queries }: RandomCase): string {
  const sinks = queries.map(
    ({ table }) => `CREATE TABLE ${table} WITH (connector = 'world', format = 'json');`,
  );
  const inserts = queries.map(({ table, sql }) => `INSERT INTO ${table} ${sql.weir};`);
  const source = `CREATE TABLE v (${columnList}, WATERMARK FOR ts) WITH (connector = 'world', format = 'json');`;
  return [source, ...sinks, ...inserts].join('\n');
}

/** Rows of both tables, or null when a value couldn't be computed. */
async function ofWeir(one: RandomCase): Promise<Record<string, string[]> | null> {
  const lines = one.rows.map((row, index) => ({ text: lineOf(row), partition: index % 4, step: 0 }));
  const tables = new TestTables([new TestInput('v', lines, 4, 7)]);
  tables.closeInputs();
  const name = `seed-${one.seed}`;
  const { record, diagnostics } = await weir.create(name, pipelineSql(one), tables, one.parallelism);
  if (record === null)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const { state, problem } = await weir.until(name, 'it has ended', (status) =>
    ['finished', 'failed'].includes(status.state),
  );
  if (state === 'finished') return tables.committed;
  if (/^WEIR-230[12]$/.test(problem?.code ?? '')) return null;
  throw new Error(JSON.stringify(problem));
}

async function compare(one: RandomCase): Promise<void> {
  const oracle = await DuckDbOracle.open(one);
  try {
    const expected = await Promise.all(one.queries.map((query) => oracle.ask(query)));
    const actual = await ofWeir(one);
    const overflows = expected.includes(null);
    expect(actual === null, 'a value that cannot be computed').toBe(overflows);
    for (const [index, query] of one.queries.entries()) {
      const rows = expected[index];
      if (actual === null || rows === null || rows === undefined) continue;
      const found = normalRows((actual[query.table] ?? []).map(parseExactly), query.kinds);
      expect(found).toEqual(normalRows(rows, query.kinds));
    }
  } finally {
    oracle.close();
  }
}

function keep(seed: number): void {
  const now = existsSync(seedsFile) ? (JSON.parse(readFileSync(seedsFile, 'utf8')) as number[]) : [];
  if (!now.includes(seed)) writeFileSync(seedsFile, `${JSON.stringify([...now, seed])}\n`);
}

describe.concurrent('as DuckDB', () => {
  test.for(seeds)('seed %i', { timeout: 90_000 }, async (seed) => {
    const one = randomCase(seed);
    try {
      await compare(one);
    } catch (error) {
      // A machine that is too busy says nothing about the seed.
      if (!String(error).includes('waiting until')) keep(seed);
      const shown = one.queries.map(({ sql }) => `weir: ${sql.weir}\nduck: ${sql.duck}`).join('\n');
      throw new Error(`seed ${seed}: ${String(error)}\n${shown}`, { cause: error });
    }
  });
});
