import type { SqlType } from '@weir/columnar/sql-type.ts';
import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import { WeirError, type ErrorCode } from '@weir/kernel/errors.ts';
import { shapeCheck } from './shape/check-shape.ts';
import { sqlTypeSchema } from './shape/plan-schema.ts';

const bounds = { length: 1024 * 1024, depth: 200 };
const shape = shapeCheck(sqlTypeSchema);

/** A type as `typeJson` holds it. @throws WeirError `code` naming `what` for anything else */
export function readSqlType(json: string, what: string, code: ErrorCode): SqlType {
  const value = readBoundedJson(json, what, code, bounds);
  const problem = shape(value);
  if (problem === null) return value as SqlType;
  throw new WeirError(code, `${what} is no type: ${problem}`);
}
