import { WeirError } from '@weir/kernel/errors.ts';

/** The error about a record without a value, for formats in which that means nothing. */
export function noValueError(): WeirError {
  return new WeirError('WEIR-3103', 'the record has no value (a tombstone)', {
    hint: "such records stand for deletions by key; bad_data = 'drop' leaves them out",
  });
}
