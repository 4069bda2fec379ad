import type { AvroCursor } from './avro-cursor.ts';
import type { AvroType } from './avro-type.ts';

/** Moves behind a value that nobody wants; what can't be a value of the type is an error all the same, but for what is in its text. */
export function skipAvroValue(cursor: AvroCursor, type: AvroType): void {
  switch (type.kind) {
    case 'null':
      return;
    case 'boolean':
      cursor.boolean();
      return;
    case 'int':
    case 'long':
      cursor.long();
      return;
    case 'float':
      cursor.skip(4);
      return;
    case 'double':
      cursor.skip(8);
      return;
    case 'string':
    case 'bytes':
      cursor.sized();
      return;
    case 'fixed':
      cursor.skip(type.size);
      return;
    case 'enum':
      cursor.index(type.symbols.length, 'symbol');
      return;
    case 'union':
      skipAvroValue(cursor, type.branches[cursor.index(type.branches.length, 'branch')]!);
      return;
    case 'record': {
      const start = cursor.at;
      cursor.enter();
      for (const field of type.fields) skipAvroValue(cursor, field.type);
      cursor.leave();
      cursor.valueRead(start);
      return;
    }
    case 'array':
      skipItems(cursor, () => skipAvroValue(cursor, type.items));
      return;
    case 'map':
      skipItems(cursor, () => {
        cursor.sized();
        skipAvroValue(cursor, type.values);
      });
  }
}

function skipItems(cursor: AvroCursor, skipItem: () => void): void {
  cursor.enter();
  for (let left = cursor.skipBlocks(); left > 0; left = cursor.skipBlocks()) {
    for (; left > 0; left -= 1) {
      const start = cursor.at;
      skipItem();
      cursor.valueRead(start);
    }
  }
  cursor.leave();
}
