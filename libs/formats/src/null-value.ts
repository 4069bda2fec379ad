import { WeirError } from '@weir/kernel/errors.ts';

/**
 * The error about a record without this part, where it can't be NULL.
 * @param notNull the column that would have to be NULL, where that was asked for
 */
export function nullPartError(part: 'value' | 'key', notNull?: string): WeirError {
  const missing = part === 'key' ? 'no key' : 'no value (a tombstone)';
  if (notNull !== undefined) {
    return new WeirError('WEIR-3103', `the record has ${missing}, but column ${notNull} is NOT NULL`, {
      hint: `declare column ${notNull} without NOT NULL, or leave such records out: 'bad_data' = 'drop'`,
    });
  }
  return new WeirError('WEIR-3103', `the record has ${missing}`, {
    hint: "such records stand for deletions by key; bad_data = 'drop' leaves them out",
  });
}
