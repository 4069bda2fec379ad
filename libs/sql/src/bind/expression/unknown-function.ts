import { suggest } from '@weir/kernel/nearest-name.ts';
import type { CallExpr } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { overloadsOf, scalarFunctionNames } from '../../functions/catalogue.ts';
import { foreignFunction } from '../../functions/foreign-functions.ts';
import { extractFunctions } from './date-fields.ts';

/** Functions that the binder turns into others, so that the catalogue has no signature of theirs. */
const bound = ['mod', 'if', 'log', 'to_date', 'from_unixtime'];

/** What stands where a function can stand and is another thing: for "did you mean". */
const others = ['count', 'sum', 'min', 'max', 'avg', 'tumble', 'hop', 'session', 'cumulate'];

/** @throws DiagnosticFailure unknownFunction with the nearest name, notPlanned for what other systems have */
export function refuseUnknownFunction(expr: CallExpr, name: string): void {
  const known = bound.includes(name) || Object.hasOwn(extractFunctions, name);
  if (known || overloadsOf(name).length > 0) return;
  const safe = expr.name.parts.length === 2 && expr.name.parts[0]?.name.toLowerCase() === 'safe';
  if (safe) {
    const hint = 'write TRY_CAST(… AS type), or CASE for what would fail';
    fail('notPlanned', expr.name.span, 'SAFE. before a function is not supported yet', hint);
  }
  const foreign = foreignFunction(name);
  if (foreign !== undefined) {
    fail('notPlanned', expr.name.span, `${name}() is not supported yet`, foreign.hint);
  }
  const names = [...scalarFunctionNames(), ...Object.keys(extractFunctions), ...bound, ...others];
  fail(
    'unknownFunction',
    expr.name.span,
    `there is no function ${name}()`,
    suggest(name, names, 'functions'),
  );
}
