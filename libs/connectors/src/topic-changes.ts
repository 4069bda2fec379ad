import { tellsChanges } from '@weir/formats/change-formats.ts';
import type { SourceChanges } from '@weir/plan/change-mode.ts';

/**
 * What the records of a topic say of those before them. With a PRIMARY KEY a record takes the place of the one with its key, and one without a value deletes it,
 * unless such records are left out or refused by `source.null_value`: then records are inserts. Debezium's envelopes say it themselves.
 */
export function topicChanges(
  options: Readonly<Record<string, string>>,
  primaryKey: readonly string[],
): SourceChanges {
  const { format = 'json', 'source.null_value': nullValue } = options;
  if (tellsChanges(format)) return primaryKey.length > 0 ? 'upsert' : 'retract';
  const readsDeletes = nullValue === undefined || nullValue === 'row';
  return primaryKey.length > 0 && readsDeletes && !format.startsWith('raw_') ? 'upsert' : 'append';
}
