import { describe, expect, test, vi } from 'vitest';
import type { PlainValue } from '@weir/columnar/row-view.ts';
import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { readByJava, type AvroPair, type JavaReading } from '@weir/tool-stack/avro-oracle/avro-oracle.ts';
import { framed, readAvro, SchemasById, tableOf } from '../testing/avro-records.ts';
import { fieldSets, fieldTypes, type EvolvingSchema } from '../testing/evolution-pairs.ts';

// A busy machine may take its time, and Maven fetches once.
vi.setConfig({ testTimeout: 600_000 });

/** Every number as text: its digits if it is whole, else as a double. So 1.0 of one side and 1 of the other are the same. */
function numberText(digits: string): string {
  if (/^-?\d+$/.test(digits)) return `#${BigInt(digits)}`;
  const value = Number(digits);
  return Number.isInteger(value) ? `#${BigInt(value)}` : `#${value}`;
}

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

function parseExact(json: string): unknown {
  const exact: Reviver = (_, value, context) =>
    typeof value === 'number' ? numberText(context?.source ?? String(value)) : value;
  return JSON.parse(json, exact) as unknown;
}

/** A value of a row as JSON has it, numbers as `numberText`. */
function shown(type: SqlType, value: PlainValue): unknown {
  if (value === null) return null;
  if (typeof value === 'bigint' || typeof value === 'number') return numberText(String(value));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  switch (type.kind) {
    case 'json':
      return parseExact(value as string);
    case 'struct':
      return shownFields(type.fields, value as readonly PlainValue[]);
    case 'list':
      return (value as readonly PlainValue[]).map((item) => shown(type.element.type, item));
    case 'map':
      return Object.fromEntries(
        (value as readonly (readonly [string, PlainValue])[]).map(([key, item]) => [
          key,
          shown(type.value.type, item),
        ]),
      );
    default:
      return value;
  }
}

function shownFields(fields: readonly Field[], values: readonly PlainValue[]): unknown {
  return Object.fromEntries(
    fields.map(({ name, type }, index) => [name, shown(type, values[index] ?? null)]),
  );
}

/** As columns of SQL's types, or all of them as JSON. */
type Columns = 'native' | 'json';

/** What Weir makes of records that Java has written. */
function readByWeir(pair: AvroPair, records: readonly Uint8Array[], as: Columns): unknown[] {
  const table = tableOf(pair.reader, 'native');
  const fields: readonly Field[] =
    as === 'native' ? table.fields : table.fields.map((field) => ({ ...field, type: { kind: 'json' } }));
  const rows = readAvro(
    fields,
    records.map((record) => framed(1, record)),
    { reader: table.reader, writers: new SchemasById({ 1: pair.writer }) },
  );
  return rows.map((row) => (typeof row === 'string' ? { error: row } : { ok: shownFields(fields, row) }));
}

interface Difference {
  readonly pair: AvroPair;
  readonly java: { readonly ok?: unknown; readonly error?: string };
  readonly weir: { readonly ok?: unknown; readonly error?: string };
}

/** Ways in which Weir reads otherwise than Java: more, since SQL declares types (F7), and where Java trips over itself. */
const deviations: readonly {
  readonly what: string;
  readonly explains: (difference: Difference) => boolean;
}[] = [
  {
    what: 'a column that may be NULL is NULL where the writer lacks it, without a default, too',
    explains: ({ pair, java, weir }) => {
      const lacking = fieldsOf(pair.reader).filter(({ name }) =>
        java.error?.includes(`missing required field ${name}`),
      );
      return weir.error === undefined && lacking.some(({ type }) => isNullable(type));
    },
  },
  {
    what: 'a long goes into INT, with a range check',
    explains: ({ pair, java, weir }) =>
      /Found long, expecting (union\[.*)?int/.test(java.error ?? '') &&
      weir.ok !== undefined &&
      pair.reader.includes('"int"'),
  },
  {
    what: 'enums and fixed are the same by their short names, in unions too',
    explains: ({ java, weir }) =>
      /Found n\.[EF], expecting union/.test(java.error ?? '') && weir.ok !== undefined,
  },
  {
    what: 'a whole number in a JSON column keeps its digits, where Java makes a float of it',
    explains: ({ pair, java, weir }) =>
      pair.reader.includes('"float"') && java.ok !== undefined && weir.ok !== undefined,
  },
  {
    what: "Java renames the writer's fields by the reader's aliases, and finds what comes of it invalid",
    explains: ({ java }) => /^(Duplicate field|Invalid default)/.test(java.error ?? ''),
  },
  {
    what: 'Java renames fields of a writer that has aliases itself twice over',
    explains: ({ pair, java, weir }) =>
      pair.writer.includes('aliases') &&
      pair.reader.includes('aliases') &&
      java.ok !== undefined &&
      weir.ok !== undefined,
  },
];

function fieldsOf(record: string): readonly { readonly type: unknown; readonly name: string }[] {
  return (JSON.parse(record) as { fields: { type: unknown; name: string }[] }).fields;
}

const isNullable = (type: unknown): boolean => Array.isArray(type) && type.includes('null');

function pairsOf(schemas: readonly EvolvingSchema[]): AvroPair[] {
  return schemas.flatMap((writer) =>
    schemas.map((reader) => ({ writer: writer.text, reader: reader.text, data: writer.data })),
  );
}

function differences(
  pairs: readonly AvroPair[],
  readings: readonly JavaReading[],
  as: Columns,
): Difference[] {
  return pairs.flatMap((pair, index) => {
    const { records, results } = readings[index]!;
    const ours = readByWeir(
      pair,
      records.map((record) => Buffer.from(record, 'base64')),
      as,
    );
    return results.flatMap((java, record): Difference[] => {
      const weir = ours[record] as Difference['weir'];
      const same =
        'error' in java
          ? weir.error !== undefined
          : JSON.stringify(sorted(java.ok)) === JSON.stringify(sorted(weir.ok));
      return same ? [] : [{ pair, java, weir }];
    });
  });
}

/** `writer -> reader: what Java reads, not what Weir does`. */
function lineOf({ pair, java, weir }: Difference): string {
  const shortText = (text: string): string => JSON.stringify(fieldsOf(text)).replaceAll('"', '');
  return `${shortText(pair.writer)} -> ${shortText(pair.reader)}: ${JSON.stringify(java)}, not ${JSON.stringify(weir)}`;
}

/** Maps have no order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, sorted(item)] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

describe("C23, C24: every record that Java's Avro reads is read, as the same value", () => {
  test.each([
    ['types of a field', fieldTypes],
    ['sets of fields', fieldSets],
  ] as const)('all pairs of %s', async (_, schemas) => {
    const pairs = pairsOf(schemas);
    const readings = await readByJava(pairs, (line) => parseExact(line) as JavaReading);
    expect(readings).toHaveLength(schemas.length ** 2);
    const read = readings.flatMap(({ results }) => results).filter((result) => 'ok' in result).length;
    expect(read).toBeGreaterThan(schemas.length);
    for (const as of ['native', 'json'] as const) {
      const found = differences(pairs, readings, as);
      const unexplained = found.filter(
        (difference) => !deviations.some(({ explains }) => explains(difference)),
      );
      expect(unexplained.map(lineOf), `${as} columns: ${unexplained.length} of ${found.length}`).toEqual([]);
    }
  });
});
