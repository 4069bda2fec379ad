import { bigintType, formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { TableFactor } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { column } from '../../logical/expressions.ts';
import type { LogicalUnnest } from '../../logical/nodes.ts';
import type { Relation, RelationColumn } from '../../logical/relation.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { resolveName } from '../scope.ts';
import { titleOfTree, type JoinTree, type JoinUnnest } from './join-tree.ts';
import { calcNode, columnAt, type Output } from './project.ts';

/** `UNNEST(value) [WITH ORDINALITY] AS t (a, b)` behind what stands before it, whose columns the value is made of. */
export function bindUnnest(
  input: JoinTree,
  scope: Relation,
  factor: Extract<TableFactor, { kind: 'unnest' }>,
  outer: boolean,
): JoinUnnest {
  const [array, ...more] = factor.arrays;
  const [second] = more;
  if (array === undefined || second !== undefined) {
    const hint = 'unnest one, WITH ORDINALITY, and take the other by its number';
    return fail(
      'notPlanned',
      second?.span ?? factor.span,
      'UNNEST of several arrays is not supported yet',
      hint,
    );
  }
  const value = bindExpression(array, { resolve: (name) => resolveName(scope, name.parts) });
  const elements = elementFields(value.type);
  if (elements === undefined) {
    return fail(
      'typeMismatch',
      array.span,
      `UNNEST takes an array or map, this is ${formatType(value.type)}`,
    );
  }
  const { alias, ordinality } = factor;
  const shown = elements.flatMap(shownFields);
  if (ordinality) shown.push({ name: 'ordinality', type: bigintType, nullable: outer });
  const surplus = alias?.columns[shown.length];
  if (surplus !== undefined)
    fail('columnCount', surplus.span, `${alias?.columns.length} column names for ${shown.length} columns`);
  const only = shown.length === 1 ? alias?.name.name : undefined;
  const added = shown.map((field, index): RelationColumn => ({
    name: alias?.columns[index]?.name ?? only ?? field.name,
    qualifier: alias?.name.name ?? null,
    type: field.type,
    nullable: field.nullable || outer,
  }));
  return { kind: 'unnest', input, value, ordinality, outer, added, above: [] };
}

/** What a list's or map's elements are made of. */
function elementFields(type: SqlType): Field[] | undefined {
  if (type.kind === 'list') return [{ ...type.element, name: 'unnest' }];
  if (type.kind !== 'map') return undefined;
  return [
    { ...type.key, name: 'key' },
    { ...type.value, name: 'value' },
  ];
}

/** A row is shown as its fields. */
function shownFields(field: Field): Field[] {
  if (field.type.kind !== 'struct') return [field];
  return field.type.fields.map((inner) => ({ ...inner, nullable: inner.nullable || field.nullable }));
}

/** The relation of an UNNEST over that of its input; its columns are the tree's. */
export function buildUnnest(tree: JoinUnnest, input: Relation): Relation {
  const width = input.columns.length;
  const own = input.columns.map(({ name, hidden }, index): Output => ({
    name,
    value: columnAt(input, index),
    ...(hidden === true ? { hidden } : {}),
  }));
  const isColumn = tree.value.kind === 'column';
  const source = isColumn
    ? input.node
    : calcNode(input.node, null, [...own, { name: '$array', value: tree.value }]);
  const place = tree.value.kind === 'column' ? tree.value.index : width;
  const elements = (elementFields(tree.value.type) ?? []).map((field) => ({ ...field, nullable: true }));
  const number: Field[] = tree.ordinality
    ? [{ name: 'ordinality', type: bigintType, nullable: tree.outer }]
    : [];
  const node: LogicalUnnest = {
    kind: 'unnest',
    input: source,
    column: place,
    ordinality: tree.ordinality,
    outer: tree.outer,
    output: [...source.output, ...elements, ...number],
  };
  const before = source.output.length;
  const values = [...elements, ...number].flatMap((field, index) => shownValues(field, before + index));
  const outputs = [...own, ...values.map((value, index) => ({ name: tree.added[index]?.name ?? '', value }))];
  return {
    node: calcNode(node, null, outputs),
    columns: [...input.columns, ...tree.added],
    eventTime: input.eventTime,
    window: input.window,
    title: titleOfTree(tree),
  };
}

function shownValues({ type, nullable }: Field, place: number): Expression[] {
  const element = column(place, type, nullable);
  if (type.kind !== 'struct') return [element];
  return type.fields.map((field, index) => ({
    kind: 'field',
    argument: element,
    index,
    type: field.type,
    nullable: true,
  }));
}
