import { WeirError } from '@weir/kernel/errors.ts';
import type { WriterSchemaSource } from '@weir/schemas/registry/writer-schema-source.ts';
import { writerSchema } from '@weir/schemas/registry/registry-writer-schemas.ts';
import type { SimProcess } from '@weir/testkit/sim-process.ts';
import { SimRandom } from '@weir/testkit/sim-random.ts';
import type { SimWorld } from '@weir/testkit/sim-world.ts';

type Column = 'id' | 'k' | 'v' | 'ts';
type Field = Column | 'note';

/** Orders of fields that writers use; `note` is nobody's column. */
const writers: readonly (readonly Field[])[] = [
  ['id', 'k', 'v', 'ts'],
  ['ts', 'note', 'v', 'id', 'k'],
  ['k', 'id', 'ts', 'v', 'note'],
];

interface LateSchema {
  readonly fields: readonly Field[];
  readonly lateMs: number;
  /** When the registry has it. */
  readonly fromMs: number;
}

/** What writes to a partition, and with which schema, until it takes another one. */
interface PartitionWriter {
  readonly id: number;
  readonly untilMs: number;
}

/** Records are written with a new schema after this time, at most. */
const newEveryMs = 1500;
/** Longer than a partition without records is waited for. */
export const veryLateMs = 40_000;

/**
 * In some runs the input is in Avro, and the registry gets its schemas only after the records that name them; now and then it gives no answer
 * at all. Drawn from a stream of its own, which leaves what else a seed does as it is in all other runs.
 */
export class SimSchemas {
  readonly #world: SimWorld;
  readonly #random: SimRandom;
  /** Whether this run does so. */
  readonly drawn: boolean;
  /** One of its schemas comes after so long that nobody would wait for an idle partition. */
  readonly veryLate: boolean;
  /** By id, from 1. */
  readonly #schemas: LateSchema[] = [];
  readonly #writers = new Map<number, PartitionWriter>();
  #awayUntilMs = 0;

  constructor(world: SimWorld) {
    this.#world = world;
    this.#random = new SimRandom(`${world.seed}/schemas`);
    this.drawn = this.#random.chance(0.15);
    this.veryLate = this.drawn && this.#random.chance(0.3);
  }

  /** The record as the writer of its partition sends it. */
  encode(record: Readonly<Record<Column, number>>, partition: number): Buffer {
    const { nowMs } = this.#world;
    let writer = this.#writers.get(partition);
    if (writer === undefined || nowMs >= writer.untilMs) {
      writer = this.#register(partition, writer === undefined);
      this.#writers.set(partition, writer);
    }
    const frame = Buffer.alloc(5);
    frame.writeInt32BE(writer.id, 1);
    const fields = this.#schemas[writer.id - 1]?.fields ?? [];
    return Buffer.concat([
      frame,
      ...fields.map((field) => (field === 'note' ? Buffer.of(2, 0x6e) : long(record[field]))),
    ]);
  }

  /** What a process hears of the registry. */
  seenBy({ ports }: SimProcess): WriterSchemaSource {
    return {
      fetch: async (identity, signal) => {
        await ports.timers.sleep(this.#random.between(1, 60), signal);
        const { nowMs } = this.#world;
        if (nowMs < this.#awayUntilMs) throw noAnswer();
        if (this.#random.chance(0.2)) this.#awayUntilMs = nowMs + this.#random.between(10, 1500);
        const schema = 'id' in identity ? this.#schemas[identity.id - 1] : undefined;
        if (schema === undefined || nowMs < schema.fromMs) return undefined;
        return writerSchema({ type: 'avro', text: textOf(schema.fields) }, []);
      },
    };
  }

  /** A partition's second schema may be very late, one partition's only: it waits while the others flow. */
  #register(partition: number, isFirst: boolean): PartitionWriter {
    const { nowMs } = this.#world;
    const isVeryLate = this.veryLate && partition === 1 && !isFirst && !this.#schemas.some(wasVeryLate);
    const lateMs = isVeryLate ? veryLateMs : this.#random.between(0, 3000);
    this.#schemas.push({ fields: this.#random.pick(writers), lateMs, fromMs: nowMs + lateMs });
    return { id: this.#schemas.length, untilMs: nowMs + this.#random.between(200, newEveryMs) };
  }
}

const wasVeryLate = ({ lateMs }: LateSchema): boolean => lateMs === veryLateMs;

function textOf(fields: readonly Field[]): string {
  const types = {
    id: 'long',
    k: 'long',
    v: 'int',
    ts: { type: 'long', logicalType: 'timestamp-millis' },
    note: 'string',
  };
  return JSON.stringify({
    type: 'record',
    name: 'Event',
    fields: fields.map((name) => ({ name, type: types[name] })),
  });
}

/** Zigzag, seven bits a byte. */
function long(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function noAnswer(): WeirError {
  return new WeirError('WEIR-3501', 'the registry gives no answer', { disposition: 'retry' });
}
