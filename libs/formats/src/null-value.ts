import { WeirError } from '@weir/kernel/errors.ts';

/** The error about a record without a value, where it can't be a row. `notNull`: the column that would have to be NULL. */
export function noValueError(notNull?: string): WeirError {
  if (notNull !== undefined) {
    return new WeirError(
      'WEIR-3103',
      `the record has no value (a tombstone), but column ${notNull} is NOT NULL`,
      {
        hint: `declare column ${notNull} without NOT NULL, or leave such records out: 'bad_data' = 'drop'`,
      },
    );
  }
  return new WeirError('WEIR-3103', 'the record has no value (a tombstone)', {
    hint: "such records stand for deletions by key; bad_data = 'drop' leaves them out",
  });
}
