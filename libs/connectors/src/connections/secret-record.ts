import { shapeCheck } from '@weir/plan/shape/check-shape.ts';
import { name, only, openShapeOf, text, type ShapeSchema } from '@weir/plan/shape/shape-schema.ts';
import { readCatalogEntry } from './catalog-entry.ts';

/** A secret as it lies in the store: readable by whoever reads the store, unless it is sealed. */
export type SecretValue =
  | { readonly plain: string }
  | {
      readonly alg: 'aes-256-gcm';
      /** Which key sealed it. */
      readonly keyId: string;
      /** Base64. */
      readonly nonce: string;
      /** Base64: cipher text and tag. */
      readonly data: string;
    };

/** The value of one option that is a secret. Never changes: a new value is a new record. */
export interface SecretRecord {
  readonly formatVersion: 1;
  /** `owner.random`, the latter 32 hexadecimal digits: it is guessed by nobody. */
  readonly id: string;
  /** Id of the pipeline, profile or table that it belongs to. */
  readonly owner: string;
  readonly value: SecretValue;
}

type Plain = Extract<SecretValue, { readonly plain: string }>;
type Sealed = Exclude<SecretValue, Plain>;

const value: ShapeSchema = {
  anyOf: [
    openShapeOf<Plain>({ plain: text }),
    openShapeOf<Sealed>({ alg: only('aes-256-gcm'), keyId: text, nonce: text, data: text }),
  ],
};

const shape = shapeCheck(openShapeOf<SecretRecord>({ formatVersion: only(1), id: name, owner: name, value }));

/** @throws WeirError WEIR-3603 */
export function decodeSecret(bytes: Uint8Array, key: string): SecretRecord {
  return readCatalogEntry<SecretRecord>(bytes, key, shape);
}
