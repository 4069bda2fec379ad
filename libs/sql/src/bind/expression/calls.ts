import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, formatType, textType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { CallExpr } from '../../ast/query.ts';
import { formatName } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { shownType } from '../../types/shown-type.ts';
import { isAggregate } from '../../functions/aggregates.ts';
import { functionAliases, overloadsOf } from '../../functions/catalogue.ts';
import { formatSignature } from '../../functions/signature.ts';
import { call } from '../../logical/expressions.ts';
import { castTo, coerce } from '../../types/coerce.ts';
import { literal } from '../../types/constants.ts';
import { resolveOverload } from './overloads.ts';
import { bindExtract, extractFunctions } from './date-fields.ts';
import { asBoolean, type Bind, type Operand, operandOf, unifyAll } from './operand.ts';
import { refuseUnknownFunction } from './unknown-function.ts';
import { bindArithmetic } from './arithmetic.ts';
import { foldExpression } from './fold.ts';
import { mixesIntervals } from './comparable-intervals.ts';
import { bindComparison } from './predicates.ts';
import type { Span } from '../../lex/span.ts';

const windowFunctions = ['tumble', 'hop', 'session', 'cumulate'];
const rankingFunctions = [
  'row_number',
  'rank',
  'dense_rank',
  'percent_rank',
  'cume_dist',
  'ntile',
  'lag',
  'lead',
  'first_value',
  'last_value',
  'nth_value',
];
/** Functions whose value depends on when they are called. */
const clockFunctions = [
  'now',
  'current_timestamp',
  'current_date',
  'current_time',
  'localtimestamp',
  'localtime',
  'proctime',
  'random',
  'rand',
  'uuid',
  'gen_random_uuid',
  'current_row_timestamp',
  'clock_timestamp',
];

/** A scalar function by its name. @throws DiagnosticFailure with what is wrong with the name or its arguments */
export function bindCall(expr: CallExpr, bind: Bind): Expression {
  const name = formatName(expr.name).toLowerCase();
  refuseOtherKinds(expr, name);
  refuseUnknownFunction(expr, name);
  const operands = expr.arguments.map((argument): Operand => {
    if (argument.kind !== 'value')
      return fail('wrongArguments', argument.span, `${name}() takes plain values`);
    if (argument.value.kind === 'star')
      return fail('starNotAllowed', argument.span, '* stands in count(*) only');
    return operandOf(argument.value, bind);
  });
  const special = bindSpecial(expr, name, operands);
  if (special !== undefined) return special;
  const overloads = overloadsOf(name);
  const resolved = resolveOverload(overloads, operands);
  if (resolved !== undefined) return resolved;
  const types = operands.map(({ value }) => shownType(value.type)).join(', ');
  const hint = mixesIntervals(operands)
    ? "an interval has either months and years, or weeks and shorter units: write a month as INTERVAL '30' DAY where that is meant"
    : `it takes ${overloads.map(formatSignature).join(' or ')}`;
  return fail('noSuchOverload', expr.span, `${name}(${types}) does not fit`, hint);
}

function refuseOtherKinds(expr: CallExpr, name: string): void {
  if (expr.over !== null || rankingFunctions.includes(name)) {
    const hint =
      'OVER stands in the select list and in QUALIFY; over groups, in a query around the grouped one';
    fail('notPlanned', expr.span, `${name}() OVER (…) is not supported here`, hint);
  }
  if (isAggregate(name)) {
    const hint = 'aggregates stand in the select list and in HAVING of a query with GROUP BY';
    fail('aggregateNotAllowed', expr.span, `the aggregate ${name}() can't stand here`, hint);
  }
  if (windowFunctions.includes(name)) {
    const hint = "group by it: GROUP BY tumble(INTERVAL '1 minute')";
    fail('windowNotAllowed', expr.span, `the window ${name}() can't stand here`, hint);
  }
  if (clockFunctions.includes(name)) {
    const hint =
      'use the event time of the rows; what is read again after a failure must give the same result';
    fail('notPlanned', expr.span, `${name}() is not supported yet: it gives another value every time`, hint);
  }
  refuseNullTreatment(expr, name);
  if (expr.distinct || expr.filter !== null || expr.orderBy.length > 0 || expr.withinGroup.length > 0) {
    fail('wrongArguments', expr.span, `${name}() is no aggregate: it takes no DISTINCT, FILTER or ORDER BY`);
  }
}

/** @throws DiagnosticFailure notPlanned, for IGNORE NULLS and RESPECT NULLS, which only functions with OVER may have */
export function refuseNullTreatment(expr: CallExpr, name: string): void {
  if (expr.nulls === null) return;
  const what = `${expr.nulls.toUpperCase()} NULLS of ${name}()`;
  fail('notPlanned', expr.span, `${what} is not supported yet`, 'leave NULLs out with FILTER or WHERE');
}

/** Functions that are something else in the plan. */
function bindSpecial(expr: CallExpr, name: string, operands: readonly Operand[]): Expression | undefined {
  const [first, second, third] = operands;
  const field = Object.hasOwn(extractFunctions, name) ? extractFunctions[name] : undefined;
  if (field !== undefined && first !== undefined && operands.length === 1) {
    return bindExtract(field, expr.name.span, first, bigintType);
  }
  switch (name) {
    case 'mod':
      if (first === undefined || second === undefined || third !== undefined)
        return wrongCount(expr, 'two arguments');
      return bindArithmetic('mod', first, second, expr.span);
    case 'if': {
      if (first === undefined || second === undefined || operands.length > 3) {
        return wrongCount(expr, 'a condition and two values');
      }
      const values = third === undefined ? [second] : [second, third];
      return bindIf(first, values);
    }
    case 'nullif':
      if (first === undefined || second === undefined || !mixesIntervals(operands)) return undefined;
      return nullIfEqual(first, second, expr.span);
    case 'log':
      return operands.length === 1 ? resolveOverload(overloadsOf('log10'), operands) : undefined;
    case 'to_timestamp':
    case 'to_date':
      return textToTime(name, operands, expr);
    case 'from_unixtime':
      return fromUnixTime(operands) ?? wrongCount(expr, 'seconds since 1970, and perhaps a pattern');
    case 'unix_timestamp':
      return unixTimestampOfText(operands);
    case 'date_trunc':
    case 'datetrunc':
    case 'date_part':
      if (first === undefined || second === undefined || third !== undefined)
        return wrongCount(expr, 'a field and a time');
      return bindFieldFunction(functionAliases[name] ?? name, first, second);
    default:
      return undefined;
  }
}

function wrongCount(expr: CallExpr, expected: string): never {
  const name = formatName(expr.name);
  return fail('wrongArguments', expr.span, `${name}() takes ${expected}, not ${expr.arguments.length}`);
}

/** Of intervals that are equal only as what is compared: the first keeps its months. */
function nullIfEqual(first: Operand, second: Operand, span: Span): Expression {
  const { value } = first;
  const none: Expression = { kind: 'literal', value: null, type: value.type, nullable: true };
  const when = foldExpression(bindComparison('=', first, second, span), span);
  return {
    kind: 'case',
    branches: [{ when, then: none }],
    otherwise: value,
    type: value.type,
    nullable: true,
  };
}

function bindIf(condition: Operand, values: readonly Operand[]): Expression {
  const { values: branches, type } = unifyAll(values, 'the values of IF');
  const [then, otherwise] = branches;
  if (then === undefined)
    return fail('wrongArguments', condition.span, 'IF takes a condition and two values');
  const fallback: Expression = otherwise ?? { kind: 'literal', value: null, type, nullable: true };
  return {
    kind: 'case',
    branches: [{ when: asBoolean(condition, 'the condition of IF'), then }],
    otherwise: fallback,
    type,
    nullable: then.nullable || fallback.nullable,
  };
}

/** `to_timestamp('…')` and `to_date('…')` of one text, as Flink's: casts that give NULL for what is no time. */
function textToTime(name: string, operands: readonly Operand[], expr: CallExpr): Expression | undefined {
  const [first] = operands;
  if (first === undefined || operands.length !== 1 || first.value.type.kind !== 'text') {
    if (name === 'to_date')
      fail(
        'notPlanned',
        expr.span,
        'to_date() with a pattern is not supported yet',
        'cast ISO dates: CAST(… AS DATE)',
      );
    return undefined;
  }
  const type: SqlType =
    name === 'to_date' ? { kind: 'date' } : { kind: 'timestamp', precision: 6, zoned: false };
  return castTo(first.value, type, first.span, true);
}

const timestamp: SqlType = { kind: 'timestamp', precision: 6, zoned: false };

/** Flink's: seconds since 1970 as text, by a pattern of Java's. */
function fromUnixTime(operands: readonly Operand[]): Expression | undefined {
  const [seconds, pattern] = operands;
  if (seconds === undefined || operands.length > 2) return undefined;
  const time = resolveOverload(overloadsOf('to_timestamp_seconds'), [seconds]);
  if (time === undefined) return undefined;
  const byDefault = literal('yyyy-MM-dd HH:mm:ss', textType);
  return resolveOverload(overloadsOf('date_format'), [
    { value: time, span: seconds.span },
    pattern ?? { value: byDefault, span: seconds.span },
  ]);
}

/** `unix_timestamp('…')` of one text, as Flink's; NULL for what is no time. */
function unixTimestampOfText(operands: readonly Operand[]): Expression | undefined {
  const [text] = operands;
  if (text?.value.type.kind !== 'text' || operands.length !== 1) return undefined;
  const value = castTo(text.value, timestamp, text.span, true);
  return resolveOverload(overloadsOf('unix_timestamp'), [{ value, span: text.span }]);
}

/** date_trunc and date_part: the field is checked here, so that a typo is told before anything runs. */
function bindFieldFunction(name: string, field: Operand, time: Operand): Expression | undefined {
  if (field.value.kind !== 'literal' || typeof field.value.value !== 'string') {
    return fail('wrongArguments', field.span, `the field of ${name}() must be a constant, such as 'hour'`);
  }
  const checked = bindExtract(field.value.value, field.span, time);
  if (checked.kind !== 'call') return undefined;
  const [normal] = checked.arguments;
  if (normal === undefined) return undefined;
  return resolveOverload(overloadsOf(name), [{ value: normal, span: field.span }, time]);
}

/** `a || b`: TEXT with anything that has a text form, or BYTEA with BYTEA. */
export function bindConcat(left: Operand, right: Operand): Expression {
  const bytes = left.value.type.kind === 'bytes' && right.value.type.kind === 'bytes';
  const values = [left, right].map(({ value, span }) => {
    if (bytes) return value;
    const structured = ['struct', 'list', 'map', 'bytes'].includes(value.type.kind);
    if (structured) fail('typeMismatch', span, `|| joins texts, this is ${formatType(value.type)}`);
    return coerce(value, textType, span) ?? castTo(value, textType, span);
  });
  const type: SqlType = bytes ? { kind: 'bytes' } : textType;
  return call(
    'concat',
    values,
    type,
    values.some((value) => value.nullable),
  );
}

/** CASE in both forms. */
export function bindCase(
  conditions: readonly Operand[],
  values: readonly Operand[],
  otherwise: Operand | null,
): Expression {
  const { values: results, type } = unifyAll(
    otherwise === null ? values : [...values, otherwise],
    'the values of CASE',
  );
  const last = otherwise === null ? undefined : results.at(-1);
  const fallback: Expression = last ?? { kind: 'literal', value: null, type, nullable: true };
  const branches = conditions.flatMap((condition, index) => {
    const then = results[index];
    return then === undefined ? [] : [{ when: asBoolean(condition, 'the condition of WHEN'), then }];
  });
  const nullable = fallback.nullable || branches.some(({ then }) => then.nullable);
  return { kind: 'case', branches, otherwise: fallback, type, nullable };
}
