import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import type { MessageStep } from './proto-step.ts';
import { keysOfEntries } from './map-entries.ts';
import type { ReadChain } from './read-chain.ts';

/** Entries of a map, each a message that `read` puts into the next key and value; of those with one key the last counts (B2). */
export function entryReader(read: ReadChain, { fields }: MessageStep, builder: ColumnBuilder): ReadChain {
  const { column } = builder;
  assert(column.kind === 'map', 'a map');
  const key = fields[0]!.field;
  return (cursor, value, row) => {
    let count = column.offsets[row] ?? 0;
    const put = (entry: number): void => {
      const following = cursor.next[entry]!;
      cursor.next[entry] = -1;
      for (const child of builder.children) child.reserve(count + 1);
      read(cursor, entry, count);
      cursor.next[entry] = following;
      count += 1;
    };
    if (cursor.next[value]! < 0) put(value);
    else for (const entry of keysOfEntries(cursor, value, key).values()) put(entry);
    column.offsets[row + 1] = count;
  };
}
