import type { StructField, TypeName } from '../ast/type-name.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Token } from '../lex/token.ts';
import { intervalUnitName } from './interval.ts';
import type { Parser } from './parser.ts';

/** Types of two or three words, by their first: what may follow. */
const continuations: Readonly<Record<string, readonly (readonly string[])[]>> = {
  DOUBLE: [['PRECISION']],
  CHARACTER: [['VARYING']],
  CHAR: [['VARYING']],
  BINARY: [['VARYING'], ['LARGE', 'OBJECT']],
  LONG: [['VARCHAR']],
  BIT: [['VARYING']],
  NATIONAL: [['CHARACTER', 'VARYING'], ['CHAR', 'VARYING'], ['CHARACTER'], ['CHAR']],
};

/**
 * ```
 * type := simple [UNSIGNED] [WITH|WITHOUT [LOCAL] TIME ZONE] | ARRAY<type> | MAP<type, type> | ROW<fields> | ROW(fields) | STRUCT<fields>
 *         followed by any number of [] or ARRAY
 * ```
 */
export function parseTypeName(parser: Parser): TypeName {
  return parser.nested(() => {
    const start = parser.peek();
    let type = baseType(parser);
    for (;;) {
      if (parser.at('[') && (parser.peek(1).keyword === ']' || parser.peek(1).kind === 'number')) {
        parser.next();
        if (!parser.at(']')) parser.wholeNumber('the length of an array');
        parser.expect(']');
      } else if (parser.at('MULTISET')) {
        refuseMultiset(parser);
      } else if (!parser.accept('ARRAY')) {
        return type;
      } else if (parser.accept('[')) {
        parser.wholeNumber('the length of an array');
        parser.expect(']');
      }
      type = { kind: 'array', element: type, elementNotNull: false, span: parser.spanSince(start) };
    }
  });
}

/** `NOT NULL` or `NULL` after a type. */
export function acceptNotNull(parser: Parser): boolean {
  if (parser.accept('NOT', 'NULL')) return true;
  parser.accept('NULL');
  return false;
}

function baseType(parser: Parser): TypeName {
  const start = parser.peek();
  if (parser.at('MULTISET', '<')) refuseMultiset(parser);
  if (parser.accept('ARRAY', '<')) {
    const element = parseTypeName(parser);
    const elementNotNull = acceptNotNull(parser);
    parser.expectTypeEnd();
    return { kind: 'array', element, elementNotNull, span: parser.spanSince(start) };
  }
  if (parser.accept('MAP', '<')) {
    const key = parseTypeName(parser);
    acceptNotNull(parser);
    parser.expect(',');
    const value = parseTypeName(parser);
    acceptNotNull(parser);
    parser.expectTypeEnd();
    return { kind: 'map', key, value, span: parser.spanSince(start) };
  }
  if (parser.at('ROW') || parser.at('STRUCT')) return structType(parser);
  return simpleType(parser);
}

function structType(parser: Parser): TypeName {
  const start = parser.next();
  if (parser.at('<>') || parser.at('(', ')')) {
    fail(
      'badType',
      parser.peek(),
      `a ${start.keyword} has at least one field`,
      `write ${start.keyword}<name type>`,
    );
  }
  const angle = parser.at('<');
  if (!angle && !parser.at('(')) parser.unexpected("'<' and the fields of the struct");
  parser.next();
  const fields = parser.list(() => structField(parser));
  if (angle) parser.expectTypeEnd();
  else parser.expect(')');
  return { kind: 'struct', fields, span: parser.spanSince(start) };
}

/** `name type [NOT NULL] ['comment']`; a colon may stand between, as in Spark and Arroyo. */
function structField(parser: Parser): StructField {
  const name = parser.label('the name of a field');
  parser.accept(':');
  const type = parseTypeName(parser);
  const notNull = acceptNotNull(parser);
  if (parser.peek().kind === 'string') parser.next();
  return { name, type, notNull, span: parser.spanSince(name.span) };
}

/** A map of values and how often each occurs, in Flink: its JSON is no list. */
function refuseMultiset(parser: Parser): never {
  return fail('badType', parser.peek(), 'there is no type MULTISET', 'write ARRAY<…>');
}

/** What a type can't be: quoted or of a schema, with a unit. */
function refuseForeignType(parser: Parser, first: Token): void {
  const token = parser.peek();
  if (
    first.keyword === 'INTERVAL' &&
    token.kind === 'word' &&
    intervalUnitName(token.keyword) !== undefined
  ) {
    fail('badType', token, `INTERVAL ${token.keyword} is no type here`, 'write INTERVAL alone');
  }
  if (parser.at('%', 'TYPE')) fail('badType', token, 'there is no %TYPE', 'write the type itself');
  if (token.keyword === '.') {
    fail('badType', token, `there is no type of the schema '${first.value}'`, 'write a type of SQL');
  }
  if (first.keyword === 'STRUCTURED' && token.keyword === '<') {
    fail('badType', first, 'there is no type STRUCTURED', 'write ROW<name type, …>');
  }
}

function typeParameter(parser: Parser, first: Token): number {
  if (parser.peek().kind === 'string' || parser.at('-')) {
    fail('badType', parser.peek(), `${first.keyword} takes whole numbers in parentheses`);
  }
  return parser.wholeNumber('a number');
}

function simpleType(parser: Parser): TypeName {
  const first = parser.peek();
  if (first.kind === 'quoted') {
    fail('badType', first, `there is no type "${first.value}"`, 'write a type of SQL, without quotes');
  }
  if (first.kind !== 'word') parser.unexpected('a type');
  parser.next();
  let name = first.keyword;
  const more = continuations[name]?.find((words) => parser.at(...words));
  if (more !== undefined) {
    parser.accept(...more);
    name = [name, ...more].join(' ');
  }
  refuseForeignType(parser, first);
  const parameters = parser.at('(') ? parser.parenthesised(() => typeParameter(parser, first)) : [];
  if (parser.accept('UNSIGNED')) name += ' UNSIGNED';
  else if (parser.accept('SIGNED')) name += '';
  return { kind: 'simple', name, parameters, zoned: acceptTimeZone(parser), span: parser.spanSince(first) };
}

function acceptTimeZone(parser: Parser): boolean | null {
  if (parser.accept('WITH', 'TIME', 'ZONE') || parser.accept('WITH', 'LOCAL', 'TIME', 'ZONE')) return true;
  return parser.accept('WITHOUT', 'TIME', 'ZONE') ? false : null;
}
