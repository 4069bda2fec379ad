import type { Expression } from '@weir/plan/expression.ts';
import { parseDurationMs } from '@weir/kernel/durations.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import { formatType, type Field } from '@weir/columnar/sql-type.ts';
import { formatName, type Identifier } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { column, strictCall } from '../../logical/expressions.ts';
import type { LogicalNode, ScanNode } from '../../logical/nodes.ts';
import { recordTimeColumn } from '../../logical/record-time.ts';
import type { Relation } from '../../logical/relation.ts';
import { literal } from '../../types/constants.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { calcNode, columnAt, type Output } from '../query/project.ts';
import { matching, resolveName } from '../scope.ts';
import { checkKeyed, computedValue, primaryKeyIn } from './bind-columns.ts';
import type { ConnectorTable, TableColumn } from './table-definition.ts';

const defaultIdleTimeMs = 30_000;

/** What a query reads when it names a table: a scan, its computed columns, its watermarks. Made once a table, so that it is read once. */
export function readTable(table: ConnectorTable, at: Span): Relation {
  if (!table.canRead) {
    const hint = table.options['type'] === 'sink' ? "it says type = 'sink'" : undefined;
    fail('notAReadableTable', at, `table '${table.name}' (${table.access.connector}) can't be read`, hint);
  }
  if (table.columns === null) {
    const hint = 'declare its columns';
    fail('missingColumns', table.span, `table '${table.name}' is read, but its columns are not known`, hint);
  }
  const scanned = table.columns.filter((entry) => entry.kind !== 'computed');
  const primaryKey = primaryKeyIn(
    table.primaryKey,
    scanned.map(({ field }) => field),
  );
  if (table.changes.gives === 'upsert') checkKeyed(table, primaryKey, at);
  const time = recordTimeOf(table);
  const scan: ScanNode = {
    kind: 'scan',
    access: table.access,
    output: [...scanned.map(({ field }) => field), ...time],
    metadata: [
      ...scanned.map((entry) => (entry.kind === 'metadata' ? entry.key : null)),
      ...time.map(() => recordTimeKey),
    ],
    primaryKey,
    changes: table.changes.gives,
    pinned: table.pinned,
    span: table.span,
  };
  const base = withHidden(relationOver(scan, scanned, table), time);
  const full = withComputed(base, table, time);
  return withWatermark(full, table);
}

const recordTimeKey = 'timestamp';

/** How far the watermark is behind the times of records where nothing says so, microseconds. */
const recordTimeDelay = 1_000_000;

/** The time of the records, if it is to be the table's event time: nothing else is. */
function recordTimeOf(table: ConnectorTable): readonly Field[] {
  const { recordTime, watermark, fixedEventTime, options, columns } = table;
  if (recordTime?.type.kind !== 'timestamp') return [];
  const named = watermark !== null || fixedEventTime !== null || options['event_time_field'] !== undefined;
  const given = options['watermark_field'] !== undefined;
  const shown = columns?.some((entry) => entry.kind === 'metadata' && entry.key === recordTimeKey) ?? false;
  if (named || given || shown) return [];
  return [{ name: recordTimeColumn, type: recordTime.type, nullable: recordTime.nullable }];
}

function withHidden(relation: Relation, time: readonly Field[]): Relation {
  const added = time.map((field) => ({ ...field, qualifier: null, hidden: true }));
  return { ...relation, columns: [...relation.columns, ...added] };
}

function relationOver(node: LogicalNode, columns: readonly TableColumn[], table: ConnectorTable): Relation {
  return {
    node,
    columns: columns.map(({ field }) => ({
      name: field.name,
      qualifier: table.name,
      type: field.type,
      nullable: field.nullable,
    })),
    eventTime: null,
    window: null,
    title: table.name,
  };
}

function withComputed(base: Relation, table: ConnectorTable, time: readonly Field[]): Relation {
  const columns = table.columns ?? [];
  if (!columns.some((entry) => entry.kind === 'computed')) return base;
  let scanned = 0;
  const outputs = columns.map((entry): Output => {
    if (entry.kind !== 'computed') {
      scanned += 1;
      return { name: entry.field.name, value: columnAt(base, scanned - 1) };
    }
    const { value, declaredType, bound, field } = entry;
    const computed = computedValue({ value, declaredType, bound, name: field.name }, base);
    return { name: field.name, value: computed };
  });
  time.forEach(({ name }) =>
    outputs.push({ name, value: columnAt(base, base.columns.length - 1), hidden: true }),
  );
  return withHidden(relationOver(calcNode(base.node, null, outputs), columns, table), time);
}

interface EventTime {
  readonly index: number;
  readonly watermark: Expression;
}

function withWatermark(relation: Relation, table: ConnectorTable): Relation {
  const found = eventTimeOf(relation, table);
  if (found === undefined) return relation;
  const { index, watermark } = found;
  const node: LogicalNode = {
    kind: 'watermark',
    input: relation.node,
    eventTime: index,
    expression: watermark,
    delayMicros: delayOf(watermark, index),
    idleTimeMs: idleTimeOf(table),
    output: relation.node.output,
  };
  return { ...relation, node, eventTime: index };
}

function eventTimeOf(relation: Relation, table: ConnectorTable): EventTime | undefined {
  const { watermark } = table;
  const option = table.options['event_time_field'];
  if (watermark !== null) {
    if (option !== undefined) {
      const span = table.optionSpans.get('event_time_field') ?? watermark.span;
      fail('badWatermark', span, 'the event time is given twice: by WATERMARK FOR and by event_time_field');
    }
    const time = resolveName(relation, watermark.column.parts);
    const name = formatName(watermark.column);
    if (time.kind !== 'column')
      return fail('badEventTime', watermark.column.span, `'${name}' is not a column of its own`);
    checkTimestamp(time, name, watermark.column.span);
    if (watermark.value === null) return { index: time.index, watermark: time };
    const value = bindExpression(watermark.value, { resolve: (part) => resolveName(relation, part.parts) });
    checkTimestamp(value, 'the watermark', watermark.value.span);
    return { index: time.index, watermark: value };
  }
  if (option !== undefined) return eventTimeByOptions(relation, table, option);
  if (table.options['watermark_field'] !== undefined) {
    const span = table.optionSpans.get('watermark_field') ?? table.span;
    fail('badWatermark', span, 'watermark_field goes with event_time_field', "add event_time_field = '…'");
  }
  if (table.fixedEventTime === null) return eventTimeByRecords(relation);
  return eventTimeByOptions(relation, table, table.fixedEventTime);
}

function eventTimeByRecords(relation: Relation): EventTime | undefined {
  const index = relation.columns.findIndex(
    ({ name, hidden }) => name === recordTimeColumn && hidden === true,
  );
  if (index < 0) return undefined;
  const time = columnAt(relation, index);
  const delay = literal(String(recordTimeDelay), { kind: 'interval', unit: 'micros' });
  return { index, watermark: strictCall('sub', [time, delay], time.type) };
}

function eventTimeByOptions(relation: Relation, table: ConnectorTable, name: string): EventTime {
  const time = columnOfOption(relation, table, 'event_time_field', name);
  const field = table.options['watermark_field'];
  if (field === undefined) return { index: time.index, watermark: time };
  return { index: time.index, watermark: columnOfOption(relation, table, 'watermark_field', field) };
}

function columnOfOption(relation: Relation, table: ConnectorTable, option: string, name: string) {
  const span = table.optionSpans.get(option) ?? table.span;
  const identifier: Identifier = { name, quoted: false, span };
  const [found] = matching(identifier, [...relation.columns.entries()], ([, entry]) => entry.name);
  if (found === undefined) {
    const names = relation.columns.map((entry) => entry.name);
    return fail('badEventTime', span, `${option} names no column '${name}'`, suggest(name, names, 'columns'));
  }
  const [index, entry] = found;
  const value = column(index, entry.type, entry.nullable);
  checkTimestamp(value, `'${name}'`, span);
  return value;
}

function checkTimestamp(value: Expression, name: string, span: Span): void {
  if (value.type.kind === 'timestamp') return;
  const hint =
    value.type.kind === 'integer'
      ? 'compute one: ts AS to_timestamp_millis(…), and use that column'
      : undefined;
  fail('badEventTime', span, `${name} is ${formatType(value.type)}; event time must be a TIMESTAMP`, hint);
}

/** A watermark that is the event time less a constant, as microseconds. */
function delayOf(watermark: Expression, eventTime: number): number | null {
  if (watermark.kind === 'column') return watermark.index === eventTime ? 0 : null;
  if (watermark.kind !== 'call' || watermark.function !== 'sub') return null;
  const [time, delay] = watermark.arguments;
  const isTime = time?.kind === 'column' && time.index === eventTime;
  if (!isTime || delay?.kind !== 'literal' || delay.type.kind !== 'interval' || delay.type.unit !== 'micros')
    return null;
  const micros = Number(delay.value ?? NaN);
  return Number.isSafeInteger(micros) ? micros : null;
}

/** The option was checked by the connector; `{{ … }}` in it is not filled in at compile time. */
function idleTimeOf(table: ConnectorTable): number {
  const text = table.options['idle_time'];
  if (text === undefined) return defaultIdleTimeMs;
  try {
    return parseDurationMs(text);
  } catch {
    const span = table.optionSpans.get('idle_time') ?? table.span;
    return fail('badOption', span, `'${text}' is no duration`, "for example idle_time = '30s'");
  }
}
