import { booleanType, type Field } from '@weir/columnar/sql-type.ts';
import type { OverCall } from '@weir/plan/nodes/over.ts';
import type { SortOrder } from '@weir/plan/nodes/sort-order.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { CallExpr, Expr, NamedWindow, SortKey, WindowDefinition } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { call, column, sameExpression } from '../../logical/expressions.ts';
import type { LogicalNode, LogicalOver } from '../../logical/nodes.ts';
import type { Relation } from '../../logical/relation.ts';
import { sameTime } from '../../logical/same-time.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { matches, resolveName } from '../scope.ts';
import { overCall, type BoundOverCall } from './over-call.ts';
import { calcNode, columnAt, columnsOf, windowPart, type Output } from './project.ts';

/** A relation with the results of OVER calls behind its columns, and where each stands. */
export interface OverRelation {
  readonly relation: Relation;
  readonly results: ReadonlyMap<CallExpr, Expression>;
}

/** Calls of one partition and order, which are worked out together. */
interface OverGroup {
  readonly partition: readonly number[];
  readonly order: readonly SortOrder[];
  readonly calls: { readonly asked: CallExpr[]; readonly bound: BoundOverCall }[];
}

/** Works out the OVER calls of a query over a relation: those of one partition and order in one step, the others in a chain. */
export function bindOver(
  calls: readonly CallExpr[],
  windows: readonly NamedWindow[],
  input: Relation,
): OverRelation {
  return new OverBinder(windows, input).bind(calls);
}

class OverBinder {
  readonly #windows: readonly NamedWindow[];
  readonly #input: Relation;
  readonly #columns: Output[];
  readonly #groups: OverGroup[] = [];

  constructor(windows: readonly NamedWindow[], input: Relation) {
    this.#windows = windows;
    this.#input = input;
    this.#columns = input.columns.map(({ name, qualifier, hidden }, index) => ({
      name,
      qualifier,
      value: columnAt(input, index),
      ...(hidden === true ? { hidden } : {}),
    }));
  }

  bind(calls: readonly CallExpr[]): OverRelation {
    for (const asked of calls) this.#add(asked);
    let node: LogicalNode = calcNode(this.#input.node, null, this.#columns);
    const results = new Map<CallExpr, Expression>();
    const added: Output[] = [];
    for (const group of this.#groups) {
      node = this.#overNode(node, group);
      for (const { asked, bound } of group.calls) {
        const value = column(this.#columns.length + added.length, bound.call.type, bound.nullable);
        added.push({ name: bound.name, value, hidden: true });
        const result = bound.standIn === undefined ? value : this.#orStandIn(value, bound.standIn, added);
        for (const each of asked) results.set(each, result);
      }
    }
    const columns = columnsOf([...this.#columns, ...added]);
    return { relation: { ...this.#input, node, columns }, results };
  }

  /** The value, or what stands for it where there is no such row. */
  #orStandIn(
    value: Expression,
    { marker, value: otherwise }: NonNullable<BoundOverCall['standIn']>,
    added: Output[],
  ): Expression {
    const there = column(this.#columns.length + added.length, marker.type, true);
    added.push({ name: '$there', value: there, hidden: true });
    const when = call('is_not_null', [there], booleanType, false);
    return { kind: 'case', branches: [{ when, then: value }], otherwise, type: value.type, nullable: true };
  }

  #place(expr: Expr): number {
    return this.#placeOf(bindExpression(expr, { resolve: (name) => resolveName(this.#input, name.parts) }));
  }

  #placeOf(value: Expression): number {
    const known = this.#columns.findIndex((output) => sameExpression(output.value, value));
    if (known >= 0) return known;
    return this.#columns.push({ name: `$over${this.#columns.length}`, value, hidden: true }) - 1;
  }

  #add(asked: CallExpr): void {
    const definition = this.#definitionOf(asked);
    const partition = definition.partitionBy.map((expr) => this.#place(expr));
    const order = definition.orderBy.map((key) => this.#sortOrder(key));
    const bound = overCall(asked, definition, {
      input: this.#input,
      place: (value) => this.#placeOf(value),
      sortType: order[0] === undefined ? null : (this.#columns[order[0].column]?.value.type ?? null),
    });
    const group = this.#groups.find(
      (known) => JSON.stringify([known.partition, known.order]) === JSON.stringify([partition, order]),
    );
    if (group === undefined) {
      this.#groups.push({ partition, order, calls: [{ asked: [asked], bound }] });
      return;
    }
    const same = group.calls.find((known) => JSON.stringify(known.bound) === JSON.stringify(bound));
    if (same === undefined) group.calls.push({ asked: [asked], bound });
    else same.asked.push(asked);
  }

  #sortOrder({ value, descending, nullsFirst }: SortKey): SortOrder {
    const place = this.#place(value);
    const { kind } = this.#columns[place]?.value.type ?? { kind: 'null' };
    if (['list', 'map', 'json', 'null'].includes(kind))
      fail('typeMismatch', value.span, 'rows are not sorted by a list, map or JSON');
    // As in PostgreSQL: NULL is greater than everything.
    return { column: place, descending, nullsFirst: nullsFirst ?? descending };
  }

  /** The window of a call: written there, named in WINDOW, or both. */
  #definitionOf({ over, span }: CallExpr): WindowDefinition {
    if (over === null) return { base: null, partitionBy: [], orderBy: [], frame: null, span };
    if (!('partitionBy' in over)) return this.#named(over.name, over.span);
    if (over.base === null) return over;
    const base = this.#named(over.base.name, over.base.span);
    return {
      ...over,
      partitionBy: [...base.partitionBy, ...over.partitionBy],
      orderBy: over.orderBy.length > 0 ? over.orderBy : base.orderBy,
      frame: over.frame ?? base.frame,
    };
  }

  #named(name: string, span: WindowDefinition['span']): WindowDefinition {
    const found = this.#windows.find((window) => matches({ name, quoted: false, span }, window.name.name));
    return found?.definition ?? fail('badWindow', span, `there is no window '${name}' in this query`);
  }

  #overNode(input: LogicalNode, { partition, order, calls }: OverGroup): LogicalOver {
    const { window, eventTime, node } = this.#input;
    const values = partition.map((place) => this.#columns[place]?.value);
    const isWindow = values.some(
      (value) => value !== undefined && windowPart(this.#input, value) !== undefined,
    );
    const [first] = order;
    const byTime =
      first !== undefined &&
      !first.descending &&
      eventTime !== null &&
      first.column < this.#input.columns.length &&
      sameTime(node, first.column, eventTime);
    const all = calls.flatMap(({ bound: { name, call: own, nullable, standIn } }) => [
      { call: own, field: { name, type: own.type, nullable } },
      ...(standIn === undefined
        ? []
        : [{ call: standIn.marker, field: { name: '$there', type: booleanType, nullable: true } }]),
    ]);
    return {
      kind: 'over',
      input,
      partition,
      order,
      calls: all.map((each): OverCall => each.call),
      windowEnd: isWindow && window !== null ? window.end : null,
      byTime: byTime ? first.column : null,
      output: [...input.output, ...all.map(({ field }): Field => field)],
      span: calls[0]?.asked[0]?.span ?? { start: 0, end: 0 },
    };
  }
}
