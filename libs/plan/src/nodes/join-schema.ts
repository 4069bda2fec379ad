import { flag, indexes, listOf, only, orNull, ref } from '../shape/shape-schema.ts';
import { joinStyles } from './join.ts';

/** Of the properties that every join has. */
export const joinProperties = {
  style: only(...joinStyles),
  leftKeys: indexes,
  rightKeys: indexes,
  nullSafe: listOf(flag),
  condition: orNull(ref('expression')),
  columns: indexes,
};
