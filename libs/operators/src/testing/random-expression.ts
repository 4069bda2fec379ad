import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import type { PlainRow, PlainValue } from '@weir/columnar/row-view.ts';
import {
  bigintType,
  booleanType,
  doubleType,
  intType,
  textType,
  timestampType,
  type Schema,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';

const decimalType: SqlType = { kind: 'decimal', precision: 12, scale: 3 };
const wideType: SqlType = { kind: 'decimal', precision: 38, scale: 6 };
const interval: SqlType = { kind: 'interval', unit: 'micros' };

/** Columns of each type, one that can be NULL and one that can't. */
export const randomSchema: Schema = {
  fields: [bigintType, intType, decimalType, doubleType, booleanType, textType, timestampType].flatMap(
    (type) => [
      { name: `${type.kind}_a`, type, nullable: true },
      { name: `${type.kind}_b`, type, nullable: false },
    ],
  ),
};

/** Typed expressions and rows from a seed. */
export class RandomExpressions extends SeededRandom {
  row(): PlainRow {
    return randomSchema.fields.map((field) =>
      field.nullable && this.below(4) === 0 ? null : this.value(field.type),
    );
  }

  value(type: SqlType): PlainValue {
    switch (type.kind) {
      case 'boolean':
        return this.below(2) === 0;
      case 'float':
        return this.pick([0, 1.5, -2, NaN, Infinity, 1e300, 0.1, -0.5, 3]);
      case 'text':
        return this.pick([
          '',
          'a',
          'ab',
          'Google',
          'ä',
          '😀',
          '\ufffd',
          '12',
          'x%y',
          'abcdefghijklmnopqrstuvwxyz',
        ]);
      case 'integer':
        return this.#integer(type.bits);
      case 'decimal':
        return BigInt(this.pick([0, 1, -1, 1000, 999_999_999_999, -123_456, 500]));
      case 'timestamp':
        return BigInt(this.pick([0, -1, 1_700_000_000_000_000, 951_782_399_999_999, 86_400_000_000]));
      default:
        return BigInt(this.pick([0, 1, -1_000_000, 3_600_000_000]));
    }
  }

  #integer(bits: number): bigint {
    const small = BigInt(this.pick([0, 1, -1, 2, 7, -5, 123, 100_000]));
    const large = this.pick([2n ** 31n - 1n, -(2n ** 31n)]);
    const huge = this.pick([2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n - 1n]);
    const choice = this.below(20);
    if (choice < 16) return small;
    return bits === 64 && choice === 19 ? huge : large;
  }

  expression(type: SqlType, depth: number): Expression {
    if (depth === 0 || this.below(5) === 0) return this.#leaf(type);
    if (this.below(6) === 0) return this.#conditional(type, depth - 1);
    const arg = (argument: SqlType): Expression => this.expression(argument, depth - 1);
    switch (type.kind) {
      case 'integer':
        if (this.below(4) === 0)
          return this.#cast(this.pick([textType, intType, decimalType, bigintType]), type, depth);
        if (type.bits === 64 && this.below(4) === 0) return this.#call('length', type, [arg(textType)]);
        return this.#call(this.pick(['add', 'sub', 'mul', 'div', 'mod']), type, [arg(type), arg(type)]);
      case 'decimal':
        if (this.below(3) === 0) return this.#cast(this.pick([intType, decimalType, wideType]), type, depth);
        return this.#call(this.pick(['add', 'sub', 'mul', 'div', 'mod']), type, [
          arg(decimalType),
          arg(this.pick([decimalType, wideType])),
        ]);
      case 'float':
        if (this.below(3) === 0) return this.#cast(this.pick([bigintType, decimalType]), type, depth);
        return this.#call(this.pick(['add', 'sub', 'mul', 'div']), type, [arg(type), arg(type)]);
      case 'text':
        if (this.below(3) === 0)
          return this.#cast(this.pick([bigintType, decimalType, timestampType, booleanType]), type, depth);
        if (this.below(2) === 0) return this.#call('upper', type, [arg(type)]);
        return this.#call('concat', type, [arg(type), arg(type)]);
      case 'timestamp':
        return this.#call(this.pick(['add', 'sub']), type, [arg(type), this.#leaf(interval)]);
      default:
        return this.#boolean(depth - 1);
    }
  }

  #boolean(depth: number): Expression {
    const of = this.pick([
      bigintType,
      intType,
      decimalType,
      doubleType,
      textType,
      timestampType,
      booleanType,
    ]);
    const arg = (type: SqlType): Expression => this.expression(type, depth);
    const shape = this.below(6);
    if (shape === 0)
      return this.#call(this.pick(['and', 'or']), booleanType, [
        arg(booleanType),
        arg(booleanType),
        arg(booleanType),
      ]);
    if (shape === 1) return this.#call('not', booleanType, [arg(booleanType)]);
    if (shape === 2) return this.#call(this.pick(['is_null', 'is_not_null']), booleanType, [arg(of)], false);
    if (shape === 3)
      return this.#call(
        this.pick(['is_distinct', 'is_not_distinct']),
        booleanType,
        [arg(of), arg(of)],
        false,
      );
    if (shape === 4) {
      const options = Array.from({ length: 1 + this.below(8) }, () => this.#leaf(of));
      return this.#call('in', booleanType, [arg(of), ...options], true);
    }
    if (this.below(4) === 0)
      return this.#call('between', booleanType, [arg(of), this.#leaf(of), this.#leaf(of)]);
    return this.#call(this.pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge']), booleanType, [arg(of), arg(of)]);
  }

  #conditional(type: SqlType, depth: number): Expression {
    const [a, b] = [this.expression(type, depth), this.expression(type, depth)];
    if (this.below(3) === 0) return this.#call('coalesce', type, [a, b], a.nullable && b.nullable);
    if (this.below(3) === 0)
      return this.#call(this.pick(['greatest', 'least']), type, [a, b], a.nullable && b.nullable);
    if (this.below(3) === 0) return this.#call('nullif', type, [a, b], true);
    const when = this.#boolean(depth);
    return {
      kind: 'case',
      branches: [{ when, then: a }],
      otherwise: b,
      type,
      nullable: a.nullable || b.nullable,
    };
  }

  #cast(from: SqlType, type: SqlType, depth: number): Expression {
    const argument = this.expression(from, depth - 1);
    const safe = this.below(2) === 0;
    return { kind: 'cast', argument, type, safe, nullable: safe || argument.nullable };
  }

  #call(name: string, type: SqlType, args: readonly Expression[], nullable?: boolean): Expression {
    return {
      kind: 'call',
      function: name,
      arguments: args,
      type,
      nullable: nullable ?? args.some((arg) => arg.nullable),
    };
  }

  #leaf(type: SqlType): Expression {
    const columns = randomSchema.fields.flatMap((field, index) => (field.type === type ? [index] : []));
    if (columns.length > 0 && this.below(3) > 0) {
      const index = this.pick(columns);
      return { kind: 'column', index, type, nullable: randomSchema.fields[index]!.nullable };
    }
    if (this.below(10) === 0) return { kind: 'literal', value: null, type, nullable: true };
    const value = this.value(type);
    const shown = typeof value === 'bigint' ? String(value) : (value as string | number | boolean);
    const special = typeof shown === 'number' && !Number.isFinite(shown) ? String(shown) : shown;
    return { kind: 'literal', value: special, type, nullable: false };
  }
}

export const resultTypes: readonly SqlType[] = [
  bigintType,
  intType,
  decimalType,
  wideType,
  doubleType,
  textType,
  booleanType,
  timestampType,
];
