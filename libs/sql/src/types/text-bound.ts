import { bigintType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { TypeName } from '../ast/type-name.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { strictCall } from '../logical/expressions.ts';
import { literal } from './constants.ts';

/** What VARCHAR(n), CHAR(n), VARBINARY(n) say beyond TEXT and BYTEA, which is what values are held as. */
export interface TextBound {
  /** Characters (code points), or bytes. */
  readonly length: number;
  /** CHAR: shorter values are filled up with spaces. */
  readonly padded: boolean;
}

const boundedNames = new Set([
  ...['CHAR', 'CHARACTER', 'VARCHAR', 'CHARACTER VARYING', 'CHAR VARYING', 'TEXT', 'STRING'],
  ...['VARBINARY', 'BINARY VARYING', 'BYTEA', 'BYTES', 'BLOB'],
]);
const paddedNames = new Set(['CHAR', 'CHARACTER']);
/** Flink's way to say that there is none. */
const unbounded = 2 ** 31 - 1;

/** The bound of a written type; CHAR alone is CHAR(1). Null: it has none. @throws DiagnosticFailure badType */
export function textBoundOf(type: TypeName | null): TextBound | null {
  if (type?.kind !== 'simple' || !boundedNames.has(type.name)) return null;
  const padded = paddedNames.has(type.name);
  const length = type.parameters[0] ?? (padded ? 1 : unbounded);
  if (length < 1) fail('badType', type.span, `${type.name}(${length}) is no type`, 'a length is 1 at least');
  return length >= unbounded ? null : { length, padded };
}

/** CAST to a bounded type: what is too long is cut off. */
export function cutTo(value: Expression, bound: TextBound | null): Expression {
  if (bound === null) return value;
  if (value.kind === 'literal' && typeof value.value === 'string' && value.type.kind === 'text') {
    const cut = Array.from(value.value).slice(0, bound.length).join('');
    return literal(bound.padded ? cut + ' '.repeat(bound.length - Array.from(cut).length) : cut, value.type);
  }
  // rpad cuts, too.
  return bounded(bound.padded && value.type.kind === 'text' ? 'rpad' : 'left', value, bound);
}

/** A value that goes into a bounded column: what is too long is an error of the row, as in PostgreSQL (spaces at the end are cut off). */
export function keptWithin(value: Expression, bound: TextBound | null): Expression {
  if (bound === null) return value;
  const isText = value.type.kind === 'text';
  if (value.kind === 'literal' && (value.value === null || (isText && fits(String(value.value), bound)))) {
    return value.value === null ? value : cutTo(value, bound);
  }
  const checked = bounded('within_length', value, bound);
  return bound.padded && isText ? bounded('rpad', checked, bound) : checked;
}

function fits(text: string, bound: TextBound): boolean {
  return Array.from(text).length <= bound.length;
}

function bounded(id: string, value: Expression, { length }: TextBound): Expression {
  return strictCall(id, [value, literal(String(length), bigintType)], value.type);
}
