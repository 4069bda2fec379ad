import type { Field } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { column } from '../../logical/expressions.ts';
import type { LogicalCalc, LogicalNode } from '../../logical/nodes.ts';
import type { Relation, RelationColumn, WindowColumns } from '../../logical/relation.ts';

/** An output column of a projection. */
export interface Output {
  readonly name: string;
  readonly qualifier?: string | null;
  readonly value: Expression;
  readonly hidden?: boolean;
}

export function calcNode(
  input: LogicalNode,
  condition: Expression | null,
  outputs: readonly Output[],
): LogicalCalc {
  return {
    kind: 'calc',
    input,
    condition,
    projections: outputs.map(({ value }) => value),
    output: outputs.map(({ name, value }): Field => ({ name, type: value.type, nullable: value.nullable })),
  };
}

export function columnsOf(outputs: readonly Output[]): RelationColumn[] {
  return outputs.map(({ name, qualifier, value, hidden }) => ({
    name,
    qualifier: qualifier ?? null,
    type: value.type,
    nullable: value.nullable,
    ...(hidden === true ? { hidden } : {}),
  }));
}

/** A reference to a relation's column. */
export function columnAt(relation: Relation, index: number): Expression {
  const entry = relation.columns[index];
  return column(index, entry?.type ?? { kind: 'null' }, entry?.nullable ?? true);
}

/**
 * Projects a relation. Event time and window columns that the outputs leave out stay along as hidden columns, so that a window can still
 * be made of a derived table; what nobody uses is pruned later.
 */
export function project(
  relation: Relation,
  condition: Expression | null,
  outputs: readonly Output[],
  title: string,
): Relation {
  const all = [...outputs];
  const keep = (index: number): number => {
    const found = all.findIndex(({ value }) => value.kind === 'column' && value.index === index);
    if (found >= 0) return found;
    all.push({ name: `$${index}`, value: columnAt(relation, index), hidden: true });
    return all.length - 1;
  };
  const eventTime = relation.eventTime === null ? null : keep(relation.eventTime);
  const { window } = relation;
  const carried =
    window === null
      ? null
      : {
          spec: window.spec,
          start: keep(window.start),
          end: keep(window.end),
          time: keep(window.time),
          ...structOf(window, outputs),
        };
  return {
    node: calcNode(relation.node, condition, all),
    columns: columnsOf(all),
    eventTime,
    window: carried,
    title,
  };
}

/** Where the window's struct stands, if it was selected. */
function structOf({ struct }: WindowColumns, outputs: readonly Output[]): { readonly struct?: number } {
  const place = outputs.findIndex(({ value }) => value.kind === 'column' && value.index === struct);
  return place < 0 ? {} : { struct: place };
}

/** Which part of its window a value over a relation's columns is. */
export function windowPart(
  { window }: Relation,
  value: Expression,
): 'start' | 'end' | 'time' | 'struct' | undefined {
  if (window === null) return undefined;
  if (value.kind === 'field' && value.argument.kind === 'column') {
    if (value.argument.index !== window.struct) return undefined;
    return value.index === 0 ? 'start' : 'end';
  }
  if (value.kind !== 'column') return undefined;
  if (value.index === window.start) return 'start';
  if (value.index === window.end) return 'end';
  if (value.index === window.time) return 'time';
  return value.index === window.struct ? 'struct' : undefined;
}

/** Only the visible columns, under the names that they have. */
export function visibleOutputs(relation: Relation): Output[] {
  return relation.columns.flatMap((entry, index) =>
    entry.hidden === true
      ? []
      : [{ name: entry.name, qualifier: entry.qualifier, value: columnAt(relation, index) }],
  );
}
