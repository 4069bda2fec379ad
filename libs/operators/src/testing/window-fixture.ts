import { bigintType, textType, timestampType, type Schema, type SqlType } from '@weir/columnar/sql-type.ts';
import type { AggregateCall, WindowAggregateNode, FixedWindow } from '@weir/plan/nodes/window-aggregate.ts';
import { WindowAggregateOperator } from '../window-aggregate.ts';
import { OperatorHarness, type HarnessOptions } from './operator-harness.ts';

/** A windowed aggregate over (ts, key, value) for tests: count(*), sum(value), min(value), max(value), avg(value). */
export const second = 1_000_000;

export function windowInput(keyType: SqlType = bigintType): Schema {
  return {
    fields: [
      { name: 'ts', type: timestampType, nullable: true },
      { name: 'key', type: keyType, nullable: true },
      { name: 'value', type: bigintType, nullable: true },
      { name: 'tag', type: textType, nullable: true },
      { name: 'wanted', type: { kind: 'boolean' }, nullable: true },
    ],
    eventTime: 0,
  };
}

export const averageType: SqlType = { kind: 'decimal', precision: 38, scale: 6 };

export function aggregate(
  name: AggregateCall['function'],
  argument: number | null,
  type: SqlType = bigintType,
): AggregateCall {
  const argumentType = argument === null ? null : (windowInput().fields[argument]?.type ?? null);
  return { function: name, argument, filter: null, type, argumentType };
}

export const allAggregates: readonly AggregateCall[] = [
  aggregate('count', null),
  aggregate('sum', 2),
  aggregate('min', 2),
  aggregate('max', 2),
  aggregate('avg', 2, averageType),
];

export interface WindowFixture {
  readonly window: FixedWindow;
  readonly keys?: readonly number[];
  readonly aggregates?: readonly AggregateCall[];
  readonly keyType?: SqlType;
}

export function windowHarness(
  fixture: WindowFixture,
  options: Partial<HarnessOptions> = {},
): OperatorHarness {
  const { window, keys = [1], aggregates = allAggregates, keyType } = fixture;
  const node: WindowAggregateNode = { kind: 'window_aggregate', window, eventTime: 0, keys, aggregates };
  const input = windowInput(keyType);
  const output: Schema = {
    fields: [
      ...keys.map((key) => input.fields[key]!),
      ...aggregates.map((call, index) => ({ name: `a${index}`, type: call.type, nullable: true })),
      { name: 'window_start', type: timestampType, nullable: false },
      { name: 'window_end', type: timestampType, nullable: false },
    ],
  };
  return new OperatorHarness(new WindowAggregateOperator(node, input, output), { input, ...options });
}

export const tumble = (seconds: number): FixedWindow => ({
  kind: 'tumble',
  sizeMicros: seconds * second,
  offsetMicros: 0,
});
export const hop = (size: number, slide: number): FixedWindow => ({
  kind: 'hop',
  sizeMicros: size * second,
  slideMicros: slide * second,
  offsetMicros: 0,
});
