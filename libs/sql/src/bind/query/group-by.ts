import { formatType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import type { CallExpr, Expr, GroupItem, Select } from '../../ast/query.ts';
import { DiagnosticFailure, fail } from '../../diagnostics/diagnostic.ts';
import { diagnosticCodes } from '../../diagnostics/codes.ts';
import type { Span } from '../../lex/span.ts';
import type { Relation } from '../../logical/relation.ts';
import { sameExpression } from '../../logical/expressions.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { crossSets, cube, mostSets, rollup, type GroupingSet } from './grouping-sets.ts';
import { matches, resolveName } from '../scope.ts';
import type { Attempts } from './attempts.ts';
import { windowPart } from './project.ts';
import { plainArguments, windowKind, windowSpec, type WindowKind } from './window-spec.ts';
import { checkEventTime } from './window-table.ts';

/** The window of a GROUP BY. `attached`: rows have it already (window_start, window_end of a window table or of an earlier aggregate). */
export interface GroupWindow {
  readonly spec: WindowSpec;
  readonly via: 'event_time' | 'attached';
  readonly span: Span;
}

export interface Grouping {
  readonly keys: readonly Expression[];
  /** null: groups for all time, whose results are updated. */
  readonly window: GroupWindow | null;
  /** Of GROUPING SETS, ROLLUP, CUBE; null: one set, of all keys. */
  readonly sets: readonly GroupingSet[] | null;
}

/** Reads the GROUP BY clause: keys by expression, alias or ordinal, and at most one window. */
export function readGroupBy(select: Select, input: Relation, attempts: Attempts): Grouping {
  const reader = new GroupByReader(select, input);
  let sets: GroupingSet[] = [[]];
  for (const item of select.groupBy)
    attempts.try(() => {
      sets = crossSets(sets, reader.setsOf(item));
    });
  attempts.finish();
  if (sets.length > mostSets)
    fail('notPlanned', select.span, `${sets.length} grouping sets are too many: ${mostSets} at most`);
  const plain = select.groupBy.every(({ kind }) => kind === 'expression');
  return { keys: reader.keys, window: reader.window, sets: plain ? null : sets };
}

/** Collects the keys of a GROUP BY, each once, and its window. */
class GroupByReader {
  readonly keys: Expression[] = [];
  window: GroupWindow | null = null;
  readonly #select: Select;
  readonly #input: Relation;

  constructor(select: Select, input: Relation) {
    this.#select = select;
    this.#input = input;
  }

  setsOf(item: GroupItem): GroupingSet[] {
    if (item.kind === 'expression') return [this.#place(item.value, item.span)];
    const parts = item.sets.map((set) => set.flatMap((expr) => this.#place(expr, expr.span)));
    if (item.style === 'grouping_sets') return parts;
    return item.style === 'rollup' ? rollup(parts) : cube(parts);
  }

  /** The place of a key; none of a window, which every set has. */
  #place(value: Expr, span: Span): number[] {
    const expr = meaningOf(value, this.#select, this.#input);
    const found = groupWindow(expr, this.#input);
    if (found !== undefined) {
      this.window = oneWindow(this.window ?? undefined, found);
      return [];
    }
    const key = groupKey(expr, this.#input, span);
    const known = this.keys.findIndex((each) => sameExpression(each, key));
    return [known >= 0 ? known : this.keys.push(key) - 1];
  }
}

function oneWindow(before: GroupWindow | undefined, found: GroupWindow): GroupWindow {
  if (before === undefined) return found;
  if (before.via === 'attached' && found.via === 'attached') return before;
  return fail('badWindow', found.span, 'a GROUP BY has one window, this is the second');
}

/** Ordinals and aliases stand for what they name. */
function meaningOf(value: Expr, select: Select, input: Relation): Expr {
  if (value.kind === 'number') return byOrdinal(value, select);
  if (value.kind !== 'name' || value.parts.length !== 1) return value;
  const [name] = value.parts;
  const alias = select.items.find(
    (entry) => entry.alias !== null && name !== undefined && matches(name, entry.alias.name),
  );
  if (alias === undefined) return value;
  // As in PostgreSQL a column of the input goes before an alias.
  return isColumn(value, input) ? value : alias.value;
}

function byOrdinal(value: Extract<Expr, { kind: 'number' }>, select: Select): Expr {
  const position = Number(value.text);
  const item = select.items[position - 1];
  if (item === undefined || !Number.isInteger(position)) {
    const hint = `the select list has ${select.items.length} columns, counted from 1`;
    return fail('badOrdinal', value.span, `there is no column ${value.text} in the select list`, hint);
  }
  if (item.value.kind === 'star')
    fail('badOrdinal', value.span, `column ${value.text} of the select list is *`, 'name the column');
  return item.value;
}

/** Does a name stand for a column of the relation? */
export function isColumn(value: Extract<Expr, { kind: 'name' }>, input: Relation): boolean {
  try {
    resolveName(input, value.parts);
    return true;
  } catch (error) {
    if (error instanceof DiagnosticFailure && error.diagnostic.code === diagnosticCodes.unknownColumn)
      return false;
    throw error;
  }
}

function groupKey(expr: Expr, input: Relation, span: Span): Expression {
  const key = bindExpression(expr, { resolve: (name) => resolveName(input, name.parts) });
  if (['struct', 'list', 'map', 'json', 'null'].includes(key.type.kind)) {
    fail('typeMismatch', span, `can't group by ${formatType(key.type)}`, 'group by a scalar of it');
  }
  return key;
}

/** The window that an item of GROUP BY names, or undefined if it is a plain key. */
function groupWindow(expr: Expr, input: Relation): GroupWindow | undefined {
  if (expr.kind === 'call') {
    const kind = windowKind(expr);
    return kind === undefined ? undefined : { ...callWindow(expr, kind, input), span: expr.span };
  }
  if (expr.kind !== 'name' || input.window === null) return undefined;
  if (windowPart(input, resolveName(input, expr.parts)) === undefined) return undefined;
  return { spec: input.window.spec, via: 'attached', span: expr.span };
}

/** `tumble(size)`, `hop(slide, size)`; the time column may stand first, as in Flink's older spelling. */
export function callWindow(
  call: CallExpr,
  kind: WindowKind,
  input: Relation,
): { spec: WindowSpec; via: 'event_time' } {
  const args = plainArguments(call);
  const [first, ...rest] = args;
  const named = first?.kind === 'name';
  if (named) checkEventTime(input, first.parts);
  if (input.eventTime === null) {
    const hint = 'add WATERMARK FOR its time column to the CREATE TABLE, or event_time_field to its options';
    fail('noEventTime', call.span, `${input.title} has no event time, so its windows would never end`, hint);
  }
  return { spec: windowSpec(kind, named ? rest : args, call.span), via: 'event_time' };
}
