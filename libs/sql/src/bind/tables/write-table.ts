import type { Field } from '@weir/columnar/sql-type.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { Identifier } from '../../ast/identifier.ts';
import type { Query } from '../../ast/query.ts';
import { diagnose, type Diagnostic, fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import type { LogicalSink } from '../../logical/nodes.ts';
import type { Relation } from '../../logical/relation.ts';
import { nullLiteral } from '../../types/constants.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { calcNode, visibleOutputs } from '../query/project.ts';
import { matches, matching } from '../scope.ts';
import { assign, assignColumns, outputSpan } from './assign-columns.ts';
import { checkKeyed, primaryKeyIn } from './bind-columns.ts';
import { targetOf, type ConnectorTable, type TableColumn } from './table-definition.ts';

export interface WriteRequest {
  readonly table: ConnectorTable;
  readonly relation: Relation;
  readonly query: Query;
  /** `INSERT INTO t (a, b)`; empty: all. */
  readonly columns: readonly Identifier[];
  readonly at: Span;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** Where the rows of an INSERT go, with the casts that its columns need. @throws DiagnosticFailure */
export function writeTable(request: WriteRequest): LogicalSink {
  const { table, at } = request;
  if (!table.canWrite) {
    const hint = table.options['type'] === 'source' ? "it says type = 'source'" : undefined;
    fail('notAWritableTable', at, `table '${table.name}' (${table.access.connector}) can't be written`, hint);
  }
  if (table.columns === null) return intoAnyColumns(request);
  const writable = table.columns.filter(
    (entry) => entry.kind === 'physical' || (entry.kind === 'metadata' && entry.writable),
  );
  const values = request.columns.length === 0 ? inOrder(request, writable) : byName(request, writable);
  const outputs = writable.map((entry, index) => ({
    name: entry.field.name,
    value: values[index] ?? nullLiteral(entry.field.type),
  }));
  if (table.changes.takes === 'upsert') checkKeyWritten(request, outputs);
  warnOfNulls(request, writable, outputs);
  const fields = writable.map(({ field }) => field);
  const primaryKey = primaryKeyIn(table.primaryKey, fields);
  if (table.changes.takes === 'upsert') checkKeyed(table, primaryKey, at);
  return {
    access: table.access,
    singleWriter: table.singleWriter,
    primaryKey,
    changes: table.changes.takes,
    pinned: nothingPinned,
    span: at,
    columnSpans: writable.map((entry, index) => valueSpan(request, entry, index)),
    input: calcNode(request.relation.node, null, outputs),
    schema: fields,
    metadata: writable.map((entry) => (entry.kind === 'metadata' ? entry.key : null)),
  };
}

/** Where the value of a table's column stands: in the query, or, where it takes its default, at the table's name. */
function valueSpan({ columns, query, at }: WriteRequest, { field }: TableColumn, index: number): Span {
  if (columns.length === 0) return outputSpan(query, index);
  const place = columns.findIndex((name) => matches(name, field.name));
  return place < 0 ? at : outputSpan(query, place);
}

function inOrder(request: WriteRequest, writable: readonly TableColumn[]): Expression[] {
  const { relation, query, table } = request;
  return assignColumns(relation, writable.map(targetOf), query, table.name);
}

function byName(request: WriteRequest, writable: readonly TableColumn[]): Expression[] {
  const { relation, query, table, columns } = request;
  const chosen = columns.map((name) => {
    const [found] = matching(name, writable, ({ field }) => field.name);
    if (found !== undefined) return found;
    const names = writable.map(({ field }) => field.name);
    return fail(
      'unknownColumn',
      name.span,
      `no column '${name.name}' to write in ${table.name}`,
      suggest(name.name, names, 'columns'),
    );
  });
  for (const [index, entry] of chosen.entries()) {
    const name = columns[index];
    if (name !== undefined && chosen.indexOf(entry) !== index) {
      fail('columnExists', name.span, `column '${name.name}' is named twice`);
    }
  }
  const values = assignColumns(relation, chosen.map(targetOf), query, table.name);
  return writable.map((entry): Expression => {
    const value = values[chosen.indexOf(entry)];
    return value ?? defaultOf(entry, request);
  });
}

function defaultOf(entry: TableColumn, request: WriteRequest): Expression {
  const { table, columns } = request;
  if (entry.default !== null) {
    const value = bindExpression(entry.default, {
      resolve: (name) => fail('unknownColumn', name.span, 'a DEFAULT names no columns'),
    });
    return assign(value, targetOf(entry), entry.default.span, table.name);
  }
  const span = columns[0]?.span ?? table.span;
  return assign(nullLiteral(), entry.field, span, table.name);
}

/** A row without its key would take the place of any other. */
function checkKeyWritten(
  { table, at }: WriteRequest,
  outputs: readonly { readonly name: string; readonly value: Expression }[],
): void {
  for (const { name, value } of outputs) {
    const isNull = value.kind === 'literal' && value.value === null;
    if (!isNull || !table.primaryKey.includes(name)) continue;
    const hint = `give ${name} a value that tells its rows apart`;
    fail(
      'keyNotWritten',
      at,
      `column '${name}' is in the PRIMARY KEY of ${table.name}, and is NULL in all rows`,
      hint,
    );
  }
}

/** A NOT NULL column that takes a value which may be NULL: allowed, since it may never be; such a row is an error when it comes. */
function warnOfNulls(
  request: WriteRequest,
  writable: readonly TableColumn[],
  outputs: readonly { readonly value: Expression }[],
): void {
  for (const [index, { field }] of writable.entries()) {
    if (field.nullable || outputs[index]?.value.nullable !== true) continue;
    const span = request.columns.length === 0 ? outputSpan(request.query, index) : request.at;
    const message = `column '${field.name}' of ${request.table.name} is NOT NULL, but the value may be NULL`;
    request.report(
      diagnose('nullAssignment', span, message, 'use COALESCE, or filter with IS NOT NULL', 'warning'),
    );
  }
}

/** A sink without columns takes those of its query. */
function intoAnyColumns(request: WriteRequest): LogicalSink {
  const { table, relation, query, columns } = request;
  const [first] = columns;
  if (first !== undefined) {
    fail(
      'unknownColumn',
      first.span,
      `table '${table.name}' has no columns of its own`,
      'leave out the column list',
    );
  }
  const outputs = visibleOutputs(relation);
  const schema: Field[] = outputs.map(({ name, value }) => ({
    name,
    type: value.type,
    nullable: value.nullable,
  }));
  for (const [index, { name, type }] of schema.entries()) {
    const span = outputSpan(query, index);
    if (schema.findIndex((field) => field.name === name) !== index) {
      fail('repeatedAlias', span, `two columns are named '${name}'`, 'give one an alias: … AS name');
    }
    if (type.kind === 'null')
      fail('badType', span, `column '${name}' is NULL of no type`, 'cast it: NULL::TEXT');
  }
  const primaryKey = primaryKeyIn(table.primaryKey, schema);
  if (table.changes.takes === 'upsert') checkKeyed(table, primaryKey, request.at);
  return {
    access: table.access,
    singleWriter: table.singleWriter,
    primaryKey,
    changes: table.changes.takes,
    pinned: nothingPinned,
    span: request.at,
    columnSpans: schema.map((_, index) => outputSpan(query, index)),
    input: calcNode(relation.node, null, outputs),
    schema,
    metadata: schema.map(() => null),
  };
}
