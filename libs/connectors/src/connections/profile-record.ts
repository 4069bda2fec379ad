import { shapeCheck } from '@weir/plan/shape/check-shape.ts';
import {
  count,
  flag,
  name,
  only,
  openShapeOf,
  text,
  type ShapeSchema,
} from '@weir/plan/shape/shape-schema.ts';
import { readCatalogEntry } from './catalog-entry.ts';
import type { SavedOptions } from './saved-option.ts';

/** How to reach a system, under a name that tables of any pipeline use. */
export interface ProfileRecord {
  readonly formatVersion: 1;
  readonly name: string;
  /** Random, drawn at creation: another profile of the same name is another one. */
  readonly id: string;
  /** 1 at creation, one more with each change. */
  readonly revision: number;
  readonly connector: string;
  readonly options: SavedOptions;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Somebody is about to remove it (and looks for what uses it): nothing new may use it. Left out otherwise. */
  readonly deleting?: true;
}

const wallMs: ShapeSchema = { type: 'number', minimum: 0 };

export const storedOptions: ShapeSchema = {
  type: 'object',
  additionalProperties: {
    anyOf: [
      { type: 'object', properties: { text }, required: ['text'], additionalProperties: false },
      { type: 'object', properties: { secret: name }, required: ['secret'], additionalProperties: false },
    ],
  },
};

const shape = shapeCheck(
  openShapeOf<ProfileRecord>(
    {
      formatVersion: only(1),
      name,
      id: name,
      revision: count,
      connector: name,
      options: storedOptions,
      createdAtMs: wallMs,
      updatedAtMs: wallMs,
      deleting: flag,
    },
    ['deleting'],
  ),
);

/** @throws WeirError WEIR-3603 */
export function decodeProfile(bytes: Uint8Array, key: string): ProfileRecord {
  return readCatalogEntry<ProfileRecord>(bytes, key, shape);
}
