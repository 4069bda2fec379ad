import type { Node } from './identifier.ts';

/** `'source.offset' = 'earliest'`. Keys may also be unquoted and dotted; `{{ ENV }}` in values is left as it is. */
export interface WithOption extends Node {
  readonly key: string;
  readonly keySpan: Node['span'];
  readonly value: OptionValue;
}

/** Strings, numbers, booleans and intervals, all as text. */
export interface OptionValue extends Node {
  readonly text: string;
}
