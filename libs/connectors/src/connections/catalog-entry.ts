import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { ShapeCheck } from '@weir/plan/shape/check-shape.ts';

const unreadable = 'WEIR-3603';

export function encodeCatalogEntry(entry: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(entry));
}

/**
 * An entry of the catalog as it was stored, its shape checked. No message has what the entry holds.
 * @throws WeirError WEIR-3603 when a newer Weir wrote it, or it is damaged
 */
export function readCatalogEntry<T extends { readonly formatVersion: 1 }>(
  bytes: Uint8Array,
  key: string,
  shape: ShapeCheck,
): T {
  let value: unknown;
  try {
    value = readBoundedJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), 'it', unreadable);
  } catch (cause) {
    throw refuse(key, cause instanceof WeirError ? describeError(cause) : 'it is no text');
  }
  const version: unknown = (value as Partial<T> | null)?.formatVersion;
  if (version !== 1) throw refuse(key, `its format version is ${JSON.stringify(version)}, this Weir reads 1`);
  const problem = shape(value);
  if (problem !== null) throw refuse(key, problem);
  return value as T;
}

function refuse(key: string, why: string): WeirError {
  return new WeirError(unreadable, `the catalog entry ${key} can't be read: ${why}`, {
    hint: 'a newer Weir may have written it: run that version; if the store was damaged, restore it from a copy',
  });
}
