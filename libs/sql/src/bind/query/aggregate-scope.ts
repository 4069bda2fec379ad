import { visitColumns } from '@weir/plan/expression-parts.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { doubleType, formatType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { AggregateCall } from '@weir/plan/nodes/window-aggregate.ts';
import type { CallExpr, Expr } from '../../ast/query.ts';
import { formatName, type Identifier } from '../../ast/identifier.ts';
import { diagnosticCodes } from '../../diagnostics/codes.ts';
import { diagnose, DiagnosticFailure, fail } from '../../diagnostics/diagnostic.ts';
import { aggregateType, isAggregate, plannedAggregate, takesDoubles } from '../../functions/aggregates.ts';
import { call, column, sameExpression, strictCall } from '../../logical/expressions.ts';
import type { Relation } from '../../logical/relation.ts';
import { castTo } from '../../types/coerce.ts';
import { literal } from '../../types/constants.ts';
import { bindExpression, type ExpressionPlace } from '../expression/bind-expression.ts';
import { refuseNullTreatment } from '../expression/calls.ts';
import { refuseFailing } from '../expression/failing-constants.ts';
import { fieldAccess } from '../expression/field-access.ts';
import { asBoolean } from '../expression/operand.ts';
import { matches, resolveName } from '../scope.ts';
import { windowPart } from './project.ts';
import { groupingBits, setKey } from './grouping-sets.ts';
import { callWindow, type Grouping } from './group-by.ts';
import { plainArguments, windowKind } from './window-spec.ts';

const windowKinds = ['tumble', 'hop', 'session', 'cumulate'] as const;

/** Where the window's columns stand until it is known how many aggregates there are. */
export const windowStartPlace = -1;
export const windowEndPlace = -2;

export interface CollectedAggregate {
  readonly function: AggregateCall['function'];
  readonly argument: Expression | null;
  readonly filter: Expression | null;
  readonly distinct: boolean;
  readonly type: SqlType;
  readonly nullable: boolean;
}

/**
 * The names of a grouped query's select list and HAVING: keys, the window, and aggregates, which it collects. Its expressions refer to the
 * aggregate's output: keys first, then aggregates in the order of their collection.
 */
export class AggregateScope {
  readonly aggregates: CollectedAggregate[] = [];
  readonly place: ExpressionPlace;
  readonly #input: Relation;
  readonly #grouping: Grouping;
  readonly #windowNames: readonly Identifier[];
  readonly #timeType: SqlType;

  constructor(input: Relation, grouping: Grouping, windowNames: readonly Identifier[], timeType: SqlType) {
    this.#input = input;
    this.#grouping = grouping;
    this.#windowNames = windowNames;
    this.#timeType = timeType;
    this.place = {
      resolve: (name) => this.#resolve(name),
      intercept: (expr) => this.#intercept(expr),
    };
  }

  #intercept(expr: Expr): Expression | undefined {
    if (expr.kind === 'call') {
      const name = formatName(expr.name).toLowerCase();
      if (name === 'grouping' || name === 'grouping_id') return this.#groupingBits(expr);
      if (expr.over === null && isAggregate(name)) return this.#aggregate(expr, name);
      const window = this.#windowCall(expr, name);
      if (window !== undefined) return window;
    }
    const isLeaf = [
      'name',
      'null',
      'boolean',
      'number',
      'string',
      'bytes',
      'interval',
      'typed_string',
    ].includes(expr.kind);
    // Also where all keys are columns: CASE WHEN TRUE THEN t WHEN f THEN s END is the column t.
    return isLeaf || this.#grouping.keys.length === 0 ? undefined : this.#computedKey(expr);
  }

  /** An expression that is a key as a whole. */
  #computedKey(expr: Expr): Expression | undefined {
    try {
      return this.#keyOf(bindExpression(expr, { resolve: (name) => resolveName(this.#input, name.parts) }));
    } catch (error) {
      // It holds an aggregate, or is wrong in itself: then its parts will say so.
      if (error instanceof DiagnosticFailure) return undefined;
      throw error;
    }
  }

  #keyOf(value: Expression): Expression | undefined {
    const index = this.#grouping.keys.findIndex((key) => sameExpression(key, value));
    const key = this.#grouping.keys[index];
    // A key that is not of the row's set is NULL.
    const nullable = key?.nullable === true || this.#grouping.sets !== null;
    return key === undefined ? undefined : column(index, key.type, nullable);
  }

  #groupingBits(expr: CallExpr): Expression {
    const { sets } = this.#grouping;
    const keys = this.#grouping.keys.filter((key) => key !== setKey);
    const places = plainArguments(expr).map((argument) => {
      const value = bindExpression(argument, { resolve: (name) => resolveName(this.#input, name.parts) });
      const place = keys.findIndex((key) => sameExpression(key, value));
      if (place >= 0) return place;
      return fail('notGrouped', argument.span, 'GROUPING takes what GROUP BY has');
    });
    return groupingBits(expr, places, keys.length, sets);
  }

  #resolve(name: Extract<Expr, { kind: 'name' }>): Expression {
    const value = this.#resolveInput(name);
    if (value === undefined) return this.#windowName(name.parts) ?? resolveName(this.#input, name.parts);
    const key = this.#keyOf(value);
    if (key !== undefined) return key;
    const ofWindow = this.#grouping.window?.via === 'attached' ? windowPart(this.#input, value) : undefined;
    if (ofWindow === 'start') return this.#start();
    if (ofWindow === 'end') return this.#end();
    if (ofWindow === 'time') return windowTime(this.#end());
    if (ofWindow === 'struct') return this.#windowStruct();
    // A field of a struct that is a key.
    if (value.kind === 'field') {
      const base = this.#keyOf(value.argument);
      if (base !== undefined) return { ...value, argument: base };
    }
    const shown = name.parts.map((part) => part.name).join('.');
    return fail(
      'notGrouped',
      name.span,
      `'${shown}' is neither grouped by nor in an aggregate`,
      `add it to GROUP BY, or take one value of it: max(${shown})`,
    );
  }

  #resolveInput(name: Extract<Expr, { kind: 'name' }>): Expression | undefined {
    try {
      return resolveName(this.#input, name.parts);
    } catch (error) {
      if (!(error instanceof DiagnosticFailure)) throw error;
      if (this.#windowName(name.parts) !== undefined) return undefined;
      throw this.#aboutWindow(name, error);
    }
  }

  /** `window.start` and `window_start` of a window that has another name, or none. */
  #aboutWindow(name: Extract<Expr, { kind: 'name' }>, error: DiagnosticFailure): DiagnosticFailure {
    const [first, second] = name.parts.map((part) => part.name.toLowerCase());
    const asField = second === 'start' || second === 'end';
    const asColumn = second === undefined && /^window_(?:start|end|time)$/.test(first ?? '');
    const { code, message, hint } = error.diagnostic;
    if ((!asField && !asColumn) || hint?.startsWith('did you mean') === true) return error;
    if (code !== diagnosticCodes.unknownColumn) return error;
    const field = asField ? second : first === 'window_start' ? 'start' : 'end';
    const own = this.#windowNames[0]?.name;
    const advice =
      own === undefined
        ? `name the window in the select list, tumble(…) AS w, and write w.${field}`
        : `the window is called ${own}: write ${own}.${field}`;
    return new DiagnosticFailure(diagnose('unknownColumn', error.diagnostic.span, message, advice));
  }

  /** @throws DiagnosticFailure where an aggregate that these expressions use fails whatever the row */
  refuseFailing(used: readonly Expression[]): void {
    const keys = this.#grouping.keys.length;
    for (const expression of used) {
      visitColumns(expression, (index) => {
        const aggregate = this.aggregates[index - keys];
        if (index < keys || aggregate === undefined) return;
        if (aggregate.filter !== null) refuseFailing(aggregate.filter);
        else if (aggregate.argument !== null) refuseFailing(aggregate.argument);
      });
    }
  }

  #start(): Expression {
    return column(windowStartPlace, this.#timeType, false);
  }

  #end(): Expression {
    return column(windowEndPlace, this.#timeType, false);
  }

  #windowStruct(): Expression {
    const fields = ['start', 'end'].map((name) => ({ name, type: this.#timeType, nullable: false }));
    return call('struct', [this.#start(), this.#end()], { kind: 'struct', fields }, false);
  }

  /** `w`, `w.start`, where w is the window's alias in the select list. */
  #windowName(parts: readonly Identifier[]): Expression | undefined {
    const [first, field, ...more] = parts;
    if (first === undefined || !this.#windowNames.some((name) => matches(first, name.name))) return undefined;
    if (field === undefined) return this.#windowStruct();
    return more.length > 0 ? undefined : fieldAccess(this.#windowStruct(), field, field.span);
  }

  /** `tumble(…)` as in GROUP BY, `tumble_start(…)` and its kin. */
  #windowCall(expr: CallExpr, name: string): Expression | undefined {
    const match = /^(tumble|hop|session|cumulate)_(start|end|rowtime)$/.exec(name);
    const kind = match === null ? windowKind(expr) : windowKinds.find((known) => known === match[1]);
    if (kind === undefined) return undefined;
    const { window } = this.#grouping;
    if (window === null) {
      const hint = 'group by the window as well';
      return fail('badWindow', expr.span, 'GROUP BY has no window', hint);
    }
    if (match === null || expr.arguments.length > 0) {
      const { spec } = callWindow(expr, kind, this.#input);
      if (JSON.stringify(spec) !== JSON.stringify(window.spec)) {
        fail('badWindow', expr.span, 'this is not the window of GROUP BY', 'write it exactly as there');
      }
    }
    if (match === null) return this.#windowStruct();
    if (match[2] === 'start') return this.#start();
    return match[2] === 'end' ? this.#end() : windowTime(this.#end());
  }

  #aggregate(expr: CallExpr, name: string): Expression {
    const id = plannedAggregate(name);
    refuseNullTreatment(expr, name);
    if (id === undefined) fail('notPlanned', expr.name.span, `the aggregate ${name}() is not supported yet`);
    if (expr.orderBy.length > 0 || expr.withinGroup.length > 0) {
      fail('wrongArguments', expr.span, `${name}() doesn't depend on an order`, 'remove ORDER BY');
    }
    const collected = this.#collect(expr, id);
    const key = JSON.stringify(collected);
    const known = this.aggregates.findIndex((other) => JSON.stringify(other) === key);
    const index = known >= 0 ? known : this.aggregates.push(collected) - 1;
    return column(this.#grouping.keys.length + index, collected.type, collected.nullable);
  }

  #collect(expr: CallExpr, id: AggregateCall['function']): CollectedAggregate {
    const inside: ExpressionPlace = {
      resolve: (name) => resolveName(this.#input, name.parts),
      mayBeDead: true,
    };
    const filter =
      expr.filter === null
        ? null
        : asBoolean(
            { value: bindExpression(expr.filter, inside), span: expr.filter.span },
            'the FILTER condition',
          );
    const [argument, surplus] = expr.arguments;
    // The least of several is the least of each once.
    const distinct = expr.distinct && !['min', 'max', 'bool_and', 'bool_or'].includes(id);
    const isStar = argument?.kind === 'value' && argument.value.kind === 'star';
    if (id === 'count' && (argument === undefined || isStar) && surplus === undefined && !distinct) {
      const type = aggregateType('count', { kind: 'null' }) ?? this.#timeType;
      return { function: 'count', argument: null, filter, distinct: false, type, nullable: false };
    }
    if (argument?.kind !== 'value' || surplus !== undefined || isStar) {
      fail('wrongArguments', expr.span, `${id}() takes one value${id === 'count' ? ', or *' : ''}`);
    }
    const given = bindExpression(argument.value, inside);
    const type = aggregateType(id, given.type);
    if (type === undefined) {
      return fail('noSuchOverload', argument.span, `${id}() doesn't take ${formatType(given.type)}`);
    }
    const value = takesDoubles(id) ? castTo(given, doubleType, argument.span) : given;
    // count of what is never NULL counts rows.
    if (id === 'count' && !value.nullable && !distinct)
      return { function: 'count', argument: null, filter, distinct, type, nullable: false };
    if (distinct && ['struct', 'list', 'map', 'json'].includes(value.type.kind)) {
      fail('noSuchOverload', argument.span, `DISTINCT can't tell values of ${formatType(value.type)} apart`);
    }
    // Without keys there is a row over nothing, too.
    const overNothing = this.#grouping.keys.length === 0 && this.#grouping.window === null;
    const ofSample = id === 'var_samp' || id === 'stddev_samp';
    const nullable = id !== 'count' && (value.nullable || filter !== null || overNothing || ofSample);
    return { function: id, argument: value, filter, distinct, type, nullable };
  }
}

/** window_end - 1 ms: the event time of a window's result. */
export function windowTime(end: Expression): Expression {
  return strictCall('sub', [end, literal('1000', { kind: 'interval', unit: 'micros' })], end.type);
}
