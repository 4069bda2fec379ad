import type { Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import { ownConnection, type TableAccess } from '@weir/plan/table-spec.ts';
import type { ColumnDefinition, CreateTable } from '../../ast/create-table.ts';
import type { TableResolution } from '../../catalog/connector-catalog.ts';
import { diagnose, type Diagnostic, DiagnosticFailure, fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import type { Relation } from '../../logical/relation.ts';
import { castKind } from '../../types/casts.ts';
import { castTo } from '../../types/coerce.ts';
import { resolveType } from '../../types/resolve-type.ts';
import { keptWithin, textBoundOf, type TextBound } from '../../types/text-bound.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { matches, resolveName } from '../scope.ts';
import type { ConnectorTable, TableColumn } from './table-definition.ts';

type Resolved = Extract<TableResolution, { kind: 'resolved' }>;

export function columnsFromSchema(schema: Schema, span: Span): TableColumn[] {
  return schema.fields.map((field) => ({ kind: 'physical', field, default: null, bound: null, span }));
}

/** The columns that a DDL declares. What is wrong with one is reported; the others go on. */
export function bindColumns(
  statement: CreateTable,
  resolution: Resolved,
  report: (diagnostic: Diagnostic) => void,
): TableColumn[] {
  const columns: TableColumn[] = [];
  const seen = new Set<string>();
  for (const definition of statement.columns) {
    if (seen.has(definition.name.name)) {
      report(
        diagnose('columnExists', definition.name.span, `column '${definition.name.name}' is declared twice`),
      );
      continue;
    }
    seen.add(definition.name.name);
    if (definition.generated !== null) continue;
    attempt(report, () => columns.push(plainColumn(definition, resolution)));
  }
  const base = relationOf(columns, formatTable(statement));
  const byName = new Map(columns.map((column) => [column.field.name, column]));
  const all = statement.columns.flatMap((definition) => {
    const known = byName.get(definition.name.name);
    if (definition.generated === null) return known ?? [];
    return attempt(report, () => computedColumn(definition, base)) ?? [];
  });
  attempt(report, () => checkPrimaryKey(statement, all));
  return all;
}

function formatTable(statement: CreateTable): string {
  return statement.name.parts.map((part) => part.name).join('.');
}

function attempt<T>(report: (diagnostic: Diagnostic) => void, part: () => T): T | undefined {
  try {
    return part();
  } catch (error) {
    if (!(error instanceof DiagnosticFailure)) throw error;
    report(error.diagnostic);
    return undefined;
  }
}

function plainColumn(definition: ColumnDefinition, resolution: Resolved): TableColumn {
  const { name, metadata, span } = definition;
  if (definition.type === null) return fail('badType', span, `column '${name.name}' has no type`);
  // A type that can't be read was reported before the catalog was asked.
  const type = quietType(definition);
  const field = { name: name.name, type, nullable: !definition.notNull };
  const bound = quietly(() => textBoundOf(definition.type)) ?? null;
  if (metadata === null) return { kind: 'physical', field, default: definition.default, bound, span };
  const key = metadata.key ?? name.name;
  const known = resolution.metadata[key];
  if (known === undefined) {
    const keys = Object.keys(resolution.metadata);
    const hint = keys.length === 0 ? 'this connector has none' : suggest(key, keys, 'metadata keys');
    return fail('badMetadata', metadata.span, `there is no metadata '${key}'`, hint);
  }
  if (castKind(known.type, type) === 'none') {
    const hint = `declare the column as ${formatType(known.type)}`;
    fail(
      'badMetadata',
      span,
      `metadata '${key}' is ${formatType(known.type)}, not ${formatType(type)}`,
      hint,
    );
  }
  if (!['same', 'implicit'].includes(castKind(known.type, type))) {
    fail(
      'badMetadata',
      span,
      `metadata '${key}' is ${formatType(known.type)}`,
      `declare the column so, and cast in the query`,
    );
  }
  const writable = known.writable && !metadata.virtual;
  return { kind: 'metadata', key, writable, field, default: null, bound, span };
}

function quietType({ type }: ColumnDefinition): SqlType {
  const resolved = type === null ? undefined : quietly(() => resolveType(type));
  return resolved ?? { kind: 'null' };
}

function quietly<T>(part: () => T): T | undefined {
  try {
    return part();
  } catch (error) {
    if (error instanceof DiagnosticFailure) return undefined;
    throw error;
  }
}

const noAccess: TableAccess = {
  specVersion: 1,
  table: '',
  connector: '',
  connection: ownConnection,
  format: null,
  options: {},
  secrets: [],
};

/** The columns as something that expressions can name; the node is never planned. */
function relationOf(columns: readonly TableColumn[], title: string): Relation {
  const output = columns.map(({ field }) => field);
  return {
    node: {
      kind: 'scan',
      access: noAccess,
      output,
      metadata: [],
      primaryKey: [],
      changes: 'append',
      pinned: nothingPinned,
      span: { start: 0, end: 0 },
    },
    columns: output.map(({ name, type, nullable }) => ({ name, qualifier: title, type, nullable })),
    eventTime: null,
    window: null,
    title,
  };
}

function computedColumn(definition: ColumnDefinition, base: Relation): TableColumn {
  const { generated, name, span } = definition;
  if (generated === null) return fail('badType', span, `column '${name.name}' is not computed`);
  const declaredType = definition.type === null ? null : resolveType(definition.type);
  const bound = textBoundOf(definition.type);
  const value = computedValue({ value: generated.value, declaredType, bound, name: name.name }, base);
  const field = { name: name.name, type: value.type, nullable: value.nullable && !definition.notNull };
  return { kind: 'computed', value: generated.value, declaredType, field, default: null, bound, span };
}

/** The expression of a computed column over the table's other columns. */
export function computedValue(
  column: {
    readonly value: Extract<TableColumn, { kind: 'computed' }>['value'];
    readonly declaredType: TableColumn['field']['type'] | null;
    readonly bound: TextBound | null;
    readonly name: string;
  },
  base: Relation,
): Expression {
  const value = bindExpression(column.value, { resolve: (name) => resolveName(base, name.parts) });
  const { declaredType } = column;
  if (declaredType === null) return value;
  if (['none', 'explicit'].includes(castKind(value.type, declaredType))) {
    const types = `${formatType(value.type)}, the column is ${formatType(declaredType)}`;
    fail(
      'assignmentMismatch',
      column.value.span,
      `'${column.name}' is computed as ${types}`,
      'cast the expression',
    );
  }
  return keptWithin(castTo(value, declaredType, column.value.span), column.bound);
}

/** Where the columns of a PRIMARY KEY stand, ascending; none if one of them is not there. */
export function primaryKeyIn(
  names: readonly string[],
  fields: readonly { readonly name: string }[],
): number[] {
  const places = names.map((name) => fields.findIndex((field) => field.name === name));
  return places.includes(-1) ? [] : places.toSorted((a, b) => a - b);
}

/** A table whose rows take each other's place by their key has one, of columns that are read and written. @throws DiagnosticFailure */
export function checkKeyed(table: ConnectorTable, primaryKey: readonly number[], at: Span): void {
  if (primaryKey.length > 0) return;
  const message = `the rows of table '${table.name}' are told apart by a PRIMARY KEY, and it has none of its own columns`;
  fail('badConstraint', at, message, 'declare PRIMARY KEY (…) of columns that are not computed');
}

function checkPrimaryKey(statement: CreateTable, columns: readonly TableColumn[]): void {
  for (const name of statement.primaryKey?.columns ?? []) {
    if (columns.some(({ field }) => matches(name, field.name))) continue;
    const names = columns.map(({ field }) => field.name);
    fail(
      'badConstraint',
      name.span,
      `PRIMARY KEY names no column '${name.name}'`,
      suggest(name.name, names, 'columns'),
    );
  }
}
