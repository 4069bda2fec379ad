import type { Identifier, Node } from './identifier.ts';

/** A type as written; types/resolve-type.ts gives it its meaning. */
export type TypeName =
  /** `VARCHAR(20)`, `DOUBLE PRECISION`, `BIGINT UNSIGNED`: words in upper case, joined by one space. */
  | (Node & {
      readonly kind: 'simple';
      readonly name: string;
      readonly parameters: readonly number[];
      /** WITH [LOCAL] TIME ZONE; false for WITHOUT; null if nothing is said. */
      readonly zoned: boolean | null;
    })
  | (Node & { readonly kind: 'array'; readonly element: TypeName; readonly elementNotNull: boolean })
  | (Node & { readonly kind: 'map'; readonly key: TypeName; readonly value: TypeName })
  | (Node & { readonly kind: 'struct'; readonly fields: readonly StructField[] });

export interface StructField extends Node {
  readonly name: Identifier;
  readonly type: TypeName;
  readonly notNull: boolean;
}
