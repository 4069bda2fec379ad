import type { RowFields } from './row-fields.ts';

/** A field's value as a number that is never greater for a smaller one: the key of an ordered index, whose `compare` decides where two are equal. NULL isn't asked for. */
export function orderNumber(fields: RowFields, slot: number, field: number): number {
  switch (fields.kindOf(field)) {
    case 'number': {
      const value = fields.number(slot, field);
      // NaN is the greatest, beside +Infinity.
      return value === value ? value : Infinity;
    }
    case 'integer':
      return Number(fields.exact(slot, field));
    default:
      return fields.bytesPrefix(slot, field);
  }
}
