import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import { WeirError, type ErrorCode } from '@weir/kernel/errors.ts';
import type { PinnedFormats } from './pinned-schema.ts';
import { shapeCheck } from './shape/check-shape.ts';
import { pinnedFormatsSchema } from './shape/pinned-formats-schema.ts';

const shape = shapeCheck(pinnedFormatsSchema);

/** What another process has pinned. @throws WeirError `code` naming `what` for anything else */
export function readPinnedFormats(json: string, what: string, code: ErrorCode): PinnedFormats {
  const value = readBoundedJson(json, what, code);
  const problem = shape(value);
  if (problem === null) return value as PinnedFormats;
  throw new WeirError(code, `${what} is no pinned schema: ${problem}`);
}
