/* Micro-benchmarks of the operators: `node libs/operators/bench/operators.bench.ts`. Rows a second on one core, best of five. */
import type { Batch } from '@weir/columnar/batch.ts';
import {
  bigintType,
  textType,
  timestampType,
  booleanType,
  type Schema,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import { appendMode } from '@weir/plan/change-mode.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import { GroupAggregateOperator } from '../src/aggregate/group-aggregate.ts';
import { CalcOperator } from '../src/calc.ts';
import type { Operator } from '../src/operator.ts';
import { WindowAggregateOperator } from '../src/window-aggregate.ts';
import { opened } from './opened.ts';

const rows = 4096;
const input: Schema = {
  fields: [
    { name: 'auction', type: bigintType, nullable: false },
    { name: 'price', type: bigintType, nullable: false },
    { name: 'ts', type: timestampType, nullable: false },
    { name: 'channel', type: textType, nullable: false },
  ],
  eventTime: 2,
};
const text = Buffer.from('GoogleApple Baidu Facebook'.padEnd(rows + 16, 'x'));

function batchOf(key: (row: number) => number, from: number): Batch {
  const numbers = (value: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => value(row));
  return {
    schema: input,
    rowCount: rows,
    rowKinds: null,
    partition: 0,
    columns: [
      { kind: 'int', values: numbers((row) => key(from + row)), big: null, nulls: null },
      { kind: 'int', values: numbers((row) => row * 7), big: null, nulls: null },
      { kind: 'int', values: numbers((row) => 1e12 + row), big: null, nulls: null },
      {
        kind: 'bytes',
        data: text,
        starts: Int32Array.from({ length: rows }, (_, row) => row),
        ends: Int32Array.from({ length: rows }, (_, row) => row + 6),
        jsonPlain: true,
        nulls: null,
      },
    ],
  };
}

function measure(name: string, batches: readonly Batch[], operator: Operator, times: number): void {
  let best = Infinity;
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    for (let index = 0; index < times; index += 1) operator.process(batches[index % batches.length]!, 0);
    best = Math.min(best, performance.now() - start);
  }
  console.log(`${name}: ${((times * rows) / best / 1000).toFixed(1)} M rows/s`);
}

const column = (index: number): Expression => ({
  kind: 'column',
  index,
  type: input.fields[index]!.type,
  nullable: false,
});
const int = (value: string): Expression => ({ kind: 'literal', value, type: bigintType, nullable: false });
const decimal: Expression['type'] = { kind: 'decimal', precision: 19, scale: 0 };
const rate: Expression['type'] = { kind: 'decimal', precision: 4, scale: 3 };
const q1: Expression = {
  kind: 'call',
  function: 'mul',
  arguments: [
    { kind: 'cast', argument: column(1), type: decimal, safe: false, nullable: false },
    { kind: 'literal', value: '908', type: rate, nullable: false },
  ],
  type: { kind: 'decimal', precision: 23, scale: 3 },
  nullable: false,
};
const q2: Expression = {
  kind: 'call',
  function: 'eq',
  arguments: [
    { kind: 'call', function: 'mod', arguments: [column(0), int('123')], type: bigintType, nullable: false },
    int('0'),
  ],
  type: booleanType,
  nullable: false,
};
const google: Expression = {
  kind: 'call',
  function: 'eq',
  arguments: [column(3), { kind: 'literal', value: 'Google', type: textType, nullable: false }],
  type: booleanType,
  nullable: false,
};

const textLiteral = (value: string): Expression => ({
  kind: 'literal',
  value,
  type: textType,
  nullable: false,
});
const call = (name: string, type: SqlType, ...operands: readonly Expression[]): Expression => ({
  kind: 'call',
  function: name,
  arguments: operands,
  type,
  nullable: false,
});
const dearer: Expression = {
  kind: 'case',
  branches: [{ when: call('gt', booleanType, column(1), int('1000')), then: column(1) }],
  otherwise: column(0),
  type: bigintType,
  nullable: false,
};

function calc(condition: Expression | null, projections: readonly Expression[]): Operator {
  const output = {
    fields: projections.map((p, index) => ({ name: `c${index}`, type: p.type, nullable: false })),
  };
  return opened(new CalcOperator({ kind: 'calc', condition, projections }, input, output));
}

/** Keys drawn with a multiplicative generator, so that they come in no order. */
function spread(keys: number): (row: number) => number {
  return (row) => (Math.imul(row, 0x9e3779b1) >>> 0) % keys;
}

function counting(keys: readonly number[]): Operator {
  const aggregates = [
    { function: 'count', argument: null, filter: null, type: bigintType, argumentType: null },
  ] as const;
  const window = { kind: 'tumble', sizeMicros: 1e13, offsetMicros: 0 } as const;
  const output: Schema = {
    fields: [
      ...keys.map((key) => input.fields[key]!),
      { name: 'n', type: bigintType, nullable: false },
      { name: 'window_start', type: timestampType, nullable: false },
      { name: 'window_end', type: timestampType, nullable: false },
    ],
  };
  return opened(
    new WindowAggregateOperator(
      { kind: 'window_aggregate', window, eventTime: 2, keys, aggregates },
      input,
      output,
    ),
  );
}

/** Grouped without a window, as an upsert: `distinct` counts the channels. */
function grouped(sum: boolean, distinct: boolean): Operator {
  const aggregates: GroupedCall[] = [
    {
      function: 'count',
      argument: null,
      filter: null,
      distinct: false,
      type: bigintType,
      argumentType: null,
    },
    ...(sum
      ? [
          {
            function: 'sum',
            argument: 1,
            filter: null,
            distinct: false,
            type: bigintType,
            argumentType: bigintType,
          } as const,
        ]
      : []),
    ...(distinct
      ? [
          {
            function: 'count',
            argument: 3,
            filter: null,
            distinct: true,
            type: bigintType,
            argumentType: textType,
          } as const,
        ]
      : []),
  ];
  const output: Schema = {
    fields: [
      input.fields[0]!,
      ...aggregates.map(({ type }, index) => ({ name: `a${index}`, type, nullable: true })),
    ],
  };
  const node = { kind: 'group_aggregate', keys: [0], aggregates, ttlMs: 0 } as const;
  const changes = { input: appendMode, output: { kind: 'upsert', key: [0] } } as const;
  return opened(new GroupAggregateOperator(node, input, output, changes));
}

const few = Array.from({ length: 64 }, (_, index) => batchOf(spread(330_000), index * rows));
const many = Array.from({ length: 400 }, (_, index) => batchOf(spread(330_000), index * rows));
measure('filter auction % 123 = 0, two columns', few, calc(q2, [column(0), column(1)]), 2000);
measure("filter channel = 'Google', four columns", few, calc(google, [0, 1, 2, 3].map(column)), 2000);
measure('project price * 0.908', few, calc(null, [column(0), q1, column(2), column(3)]), 2000);
measure(
  'filter channel LIKE Goo%',
  few,
  calc(call('like', booleanType, column(3), textLiteral('Goo%')), [column(0)]),
  1000,
);
measure('project CASE WHEN price > 1000', few, calc(null, [dearer]), 1000);
measure('project upper(channel)', few, calc(null, [call('upper', textType, column(3))]), 200);
measure(
  "project date_trunc('hour', ts)",
  few,
  calc(null, [call('date_trunc', timestampType, textLiteral('hour'), column(2))]),
  1000,
);
measure('count by auction, 330 k keys', many, counting([0]), 1200);
measure('count by auction and channel', many, counting([0, 3]), 400);
const million = Array.from({ length: 500 }, (_, index) => batchOf(spread(1_000_000), index * rows));
const hot = Array.from({ length: 64 }, (_, index) => batchOf(spread(1000), index * rows));
measure('updating count, 1 M keys', million, grouped(false, false), 1000);
measure('updating count, 1000 keys', hot, grouped(false, false), 1000);
measure('updating count and sum, 1 M keys', million, grouped(true, false), 500);
measure('updating count and count(DISTINCT channel), 1000 keys', hot, grouped(false, true), 500);
