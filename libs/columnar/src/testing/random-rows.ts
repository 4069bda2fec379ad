import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import type { PlainRow, PlainValue } from '../row-view.ts';
import type { Field, Schema, SqlType } from '../sql-type.ts';

/** Random schemas and rows, for property tests: a failing test prints its seed. */
export class RandomRows extends SeededRandom {
  schema(maxFields = 8): Schema {
    return { fields: this.#fields(1 + this.below(maxFields), 2) };
  }

  #fields(count: number, depth: number): Field[] {
    return Array.from({ length: count }, (_, index) => ({
      name: `${this.pick(['a', 'user id', 'dateTime', 'x"y', 'ü', 'some_longer_name', ''])}${index}`,
      type: this.type(depth),
      nullable: this.next() < 0.8,
    }));
  }

  type(depth: number): SqlType {
    const simple: SqlType[] = [
      { kind: 'boolean' },
      {
        kind: 'integer',
        bits: this.pick([8, 16, 32, 64] as const),
        signed: this.next() < 0.7,
      },
      { kind: 'integer', bits: 64, signed: true },
      { kind: 'float', bits: this.pick([32, 64] as const) },
      { kind: 'decimal', precision: 1 + this.below(38), scale: 0 },
      { kind: 'text' },
      { kind: 'text' },
      { kind: 'bytes' },
      { kind: 'json' },
      { kind: 'date' },
      { kind: 'time', precision: this.pick([0, 3, 6]) },
      { kind: 'timestamp', precision: this.pick([0, 3, 6]), zoned: this.next() < 0.5 },
    ];
    const chosen = this.pick(simple);
    if (chosen.kind === 'decimal') return { ...chosen, scale: this.below(chosen.precision + 1) };
    if (depth === 0 || this.next() < 0.7) return chosen;
    const below = (nullable: boolean): Field => ({ name: 'item', type: this.type(depth - 1), nullable });
    const nested = this.below(3);
    if (nested === 0) return { kind: 'struct', fields: this.#fields(1 + this.below(4), depth - 1) };
    if (nested === 1) return { kind: 'list', element: below(this.next() < 0.5) };
    return {
      kind: 'map',
      key: { name: 'key', type: { kind: 'text' }, nullable: false },
      value: below(this.next() < 0.5),
    };
  }

  rows(schema: Schema, count: number): PlainRow[] {
    return Array.from({ length: count }, () => this.#row(schema.fields));
  }

  #row(fields: readonly Field[]): PlainRow {
    return fields.map((field) => this.value(field));
  }

  value(field: Field): PlainValue {
    const { type } = field;
    if (type.kind === 'null' || (field.nullable && this.next() < 0.2)) return null;
    switch (type.kind) {
      case 'boolean':
        return this.next() < 0.5;
      case 'integer': {
        const bits = BigInt(this.below(type.bits + 1));
        const value = this.#bits() & ((1n << bits) - 1n);
        return type.signed ? BigInt.asIntN(type.bits, value) : value;
      }
      case 'float': {
        const value = this.#double();
        return type.bits === 32 ? Math.fround(value) : value;
      }
      case 'decimal': {
        const value = (this.#bits() * this.#bits()) % 10n ** BigInt(1 + this.below(type.precision));
        return this.next() < 0.5 ? value : -value;
      }
      case 'text':
        return this.text();
      case 'bytes':
        return Uint8Array.from({ length: this.below(12) }, () => this.below(256));
      case 'json':
        return JSON.stringify({ k: [this.below(100), this.text(), null] });
      case 'date':
        return BigInt(this.below(100_000) - 50_000);
      case 'time':
        return this.#step(BigInt(this.below(86_400_000)) * 1000n + 7n, type.precision);
      case 'timestamp':
        return this.#step(this.#micros(), type.precision);
      case 'interval':
        return BigInt(this.below(1000));
      case 'struct':
        return this.#row(type.fields);
      case 'list':
        return Array.from({ length: this.below(4) }, () => this.value(type.element));
      case 'map':
        return Array.from({ length: this.below(4) }, (_, index) => [
          `${this.text()}${index}`,
          this.value(type.value),
        ]);
    }
  }

  #bits(): bigint {
    return (BigInt(this.below(2 ** 32)) << 32n) | BigInt(this.below(2 ** 32));
  }

  #double(): number {
    return this.pick([
      () => this.below(1000),
      () => this.next(),
      () => -this.below(100_000) / 100,
      () => this.next() * 10 ** (this.below(60) - 30),
      () => (this.next() - 0.5) * 2 ** 100,
    ])();
  }

  /** Years 0 to 9999: some need more than 53 bits. */
  #micros(): bigint {
    const now = 1_767_225_600_000_000n + BigInt(this.below(4)) * 1_000_000n;
    if (this.next() < 0.8) return now + this.pick([0n, 123_000n, 123_456n, 5n]);
    return BigInt(Math.floor(-62_167_219_200 + this.next() * 315_569_520_000)) * 1_000_000n + 7n;
  }

  #step(micros: bigint, precision: number): bigint {
    const step = 10n ** BigInt(6 - precision);
    return micros - (((micros % step) + step) % step);
  }

  text(): string {
    const parts = ['', 'abc', 'the quick brown fox', 'ü', '漢字', '😀', '"', '\\', '\n', '\u0001', '/', ' '];
    const choices = this.next() < 0.6 ? parts.slice(0, 3) : parts;
    return Array.from({ length: this.below(5) }, () => this.pick(choices)).join('');
  }
}
