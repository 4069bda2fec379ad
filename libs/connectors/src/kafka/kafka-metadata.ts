import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { bigintType, intType, textType, type SqlType } from '@weir/columnar/sql-type.ts';
import type { FetchedBlock } from '@weir/kafka/contracts/fetch.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { ConnectorMetadata } from '../connector.ts';

/** STRUCT<key TEXT, value BYTEA>[]: in their order, repeats among them. */
const headersType: SqlType = {
  kind: 'list',
  element: {
    name: 'element',
    type: {
      kind: 'struct',
      fields: [
        { name: 'key', type: textType, nullable: false },
        { name: 'value', type: { kind: 'bytes' }, nullable: true },
      ],
    },
    nullable: false,
  },
};

/** `METADATA FROM` keys of a Kafka table. */
export const kafkaMetadata = {
  offset: { type: bigintType, nullable: false, writable: false },
  offset_id: { type: bigintType, nullable: false, writable: false },
  partition: { type: intType, nullable: false, writable: false },
  topic: { type: textType, nullable: false, writable: false },
  timestamp: { type: { kind: 'timestamp', precision: 3, zoned: false }, nullable: false, writable: true },
  key: { type: { kind: 'bytes' }, nullable: true, writable: true },
  headers: { type: headersType, nullable: false, writable: true },
} as const satisfies Readonly<Record<string, ConnectorMetadata>>;
type MetadataKey = keyof typeof kafkaMetadata;

/** Fills the columns that come from a record's place and time, not from its value, key or headers (which decoders read). */
export class MetadataColumns {
  readonly #columns: readonly { readonly column: number; readonly key: MetadataKey }[];
  readonly #topics = new Map<string, Uint8Array>();

  /** @throws WeirError WEIR-3203 for a key that Kafka records don't have */
  constructor(node: SourceNode) {
    this.#columns = node.metadata.flatMap((key, column) => {
      if (key === null || key === 'key' || key === 'headers') return [];
      if (!Object.hasOwn(kafkaMetadata, key)) {
        throw new WeirError('WEIR-3203', `table ${node.table}: a kafka record has no metadata '${key}'`, {
          hint: `use one of ${Object.keys(kafkaMetadata).join(', ')}`,
        });
      }
      return [{ column, key: key as MetadataKey }];
    });
  }

  fill(builder: BatchBuilder, block: FetchedBlock): void {
    for (const { column, key } of this.#columns)
      this.#fillColumn(builder, builder.column(column), key, block);
  }

  #fillColumn(builder: BatchBuilder, target: ColumnBuilder, key: MetadataKey, block: FetchedBlock): void {
    const rows = builder.rowCount;
    const records = builder.recordIndex;
    const { index } = block;
    const { column } = target;
    if (column.kind === 'int') {
      for (let row = 0; row < rows; row += 1) {
        const record = records[row] ?? 0;
        if (key === 'partition') column.values[row] = block.partition;
        else if (key === 'timestamp') target.setInt(row, microsOf(index.timestampsMs[record] ?? 0));
        else column.values[row] = index.offsets[record] ?? 0;
      }
      return;
    }
    if (column.kind !== 'bytes') return;
    column.jsonPlain = false;
    const topic = this.#topics.get(block.topic) ?? Buffer.from(block.topic);
    this.#topics.set(block.topic, topic);
    column.data = topic;
    column.starts.fill(0, 0, rows);
    column.ends.fill(topic.length, 0, rows);
  }
}

/** Producers may give any 64 bits of milliseconds: what leaves the safe integers is a bigint. */
export function microsOf(millis: number): number | bigint {
  const micros = millis * 1000;
  return Number.isSafeInteger(micros) ? micros : BigInt(millis) * 1000n;
}
