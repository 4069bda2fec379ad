import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type SqlType } from '@weir/columnar/sql-type.ts';
import { sourceNode } from '@weir/plan/testing/table-node.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SplitState } from '@weir/plan/split-state.ts';
import { noAccess } from '../process-access.ts';
import { subtaskContext } from '../testing/connector-contexts.ts';
import { SingleFileSource } from './single-file-source.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-file-source-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** All rows of a file of one column `v`, and where the source stands after them. */
async function read(
  text: string,
  format: string,
  type: SqlType = textType,
  from: Readonly<Record<string, SplitState>> = {},
): Promise<{ rows: PlainRow[]; splits: Readonly<Record<string, SplitState>> }> {
  await writeFile(join(folder, 'in.txt'), text);
  const node = sourceNode({
    table: 't',
    connector: 'single_file',
    options: { path: 'in.txt', format },
    schema: { fields: [{ name: 'v', type, nullable: true }] },
  });
  const source = new SingleFileSource(node, subtaskContext({ access: { ...noAccess, filesRoot: folder } }));
  await source.open(from);
  const rows: PlainRow[] = [];
  while (!source.ended) {
    const batch = source.poll();
    if (batch === undefined) await source.wait(new AbortController().signal);
    else rows.push(...plainRows(batch));
  }
  const splits = source.snapshot();
  await source.close();
  return { rows, splits };
}

const windowsText = '\uFEFFa\r\n\r\nb\r\n\uFEFFc\r\nd\r';

test('fault 1.1.10: a byte order mark before the first line and CR LF are no part of a text', async () => {
  expect((await read(windowsText, 'raw_string')).rows).toEqual([['a'], ['b'], ['\uFEFFc'], ['d']]);
  expect((await read('\uFEFF\r\n', 'raw_string')).rows).toEqual([]);
});

test('fault 1.1.10: empty lines of JSON that ends with CR LF are left out, as with LF', async () => {
  const { rows } = await read('\uFEFF\r\n{"v":"a"}\r\n\r\n{"v":"b\\r"}\r\n\r\n', 'json');
  expect(rows).toEqual([['a'], ['b\r']]);
});

test('fault 1.1.10: the position after such lines is where a restored source goes on', async () => {
  const { splits } = await read('\uFEFFa\r\nb\r\n', 'raw_string');
  expect((await read('\uFEFFa\r\nb\r\n\uFEFFc\r\n', 'raw_string', textType, splits)).rows).toEqual([
    ['\uFEFFc'],
  ]);
});

test('raw_bytes has all bytes of a line but its LF', async () => {
  const { rows } = await read('\uFEFFa\r\n', 'raw_bytes', { kind: 'bytes' });
  expect(rows.map(([value]) => Buffer.from(value as Uint8Array).toString())).toEqual(['\uFEFFa\r']);
});

describe('CSV', () => {
  const fields = [
    { name: 'n', type: bigintType, nullable: false },
    { name: 's', type: textType, nullable: true },
  ];

  async function readCsv(text: string, options: Readonly<Record<string, string>> = {}, from = {}) {
    await writeFile(join(folder, 'in.csv'), text);
    const node = sourceNode({
      table: 't',
      connector: 'single_file',
      options: { path: 'in.csv', format: 'csv', ...options },
      schema: { fields },
    });
    const source = new SingleFileSource(node, subtaskContext({ access: { ...noAccess, filesRoot: folder } }));
    await source.open(from);
    const rows: PlainRow[] = [];
    while (!source.ended) {
      const batch = source.poll();
      if (batch === undefined) await source.wait(new AbortController().signal);
      else rows.push(...plainRows(batch));
    }
    const splits = source.snapshot();
    await source.close();
    return { rows, splits };
  }

  test('F12: line breaks in quotes end no line; CR LF does', async () => {
    const { rows } = await readCsv('\uFEFF1,"a\r\nb"\r\n\r\n2,\r\n3,"""c"""');
    expect(rows).toEqual([
      [1n, 'a\r\nb'],
      [2n, null],
      [3n, '"c"'],
    ]);
  });

  test('csv.header: the first line says where the fields stand, also where a restored source goes on', async () => {
    const text = 'extra,S,n\r\nx,a,1\r\n';
    const { rows, splits } = await readCsv(`\uFEFF${text}`, { 'csv.header': 'true' });
    expect(rows).toEqual([[1n, 'a']]);
    const later = await readCsv(`\uFEFF${text},b,2\r\n`, { 'csv.header': 'true' }, splits);
    expect(later.rows).toEqual([[2n, 'b']]);
    expect((await readCsv('', { 'csv.header': 'true' })).rows).toEqual([]);
    await expect(readCsv('s,m\na,1\n', { 'csv.header': 'true' })).rejects.toMatchObject({
      code: 'WEIR-3113',
      message: expect.stringContaining('table t: in.csv: the header has no field for column n') as unknown,
    });
  });

  test('a row that is none says at which byte of the file it begins', async () => {
    await expect(readCsv('1,a\n2,b,c\n')).rejects.toThrow(
      /the line at byte 4 of in.csv.*it has 3 fields, not 2/,
    );
    expect((await readCsv('1,a\n2,b,c\n3,d\n', { bad_data: 'drop' })).rows).toEqual([
      [1n, 'a'],
      [3n, 'd'],
    ]);
  });

  test('in a file of one column an empty line is a NULL', async () => {
    const { rows } = await read('a\r\n\r\nb\r\n', 'csv');
    expect(rows).toEqual([['a'], [null], ['b']]);
  });
});
