import { nothingPinned, type PinnedFormats } from '@weir/plan/pinned-schema.ts';
import type { ConnectorCatalog, TableOptionIssue, TableRequest } from '../catalog/connector-catalog.ts';
import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../lex/span.ts';
import type { LogicalSink, ScanNode } from '../logical/nodes.ts';
import { nodesInOrder } from '../rewrite/graph.ts';

type Report = (diagnostic: Diagnostic) => void;

/**
 * Asks the catalog about tables as they are used, once all columns are known: a sink may have taken those of its query, and a table that
 * doesn't say what it is for may be read, written, or both. What can't be read or written is told here, not by a worker.
 * @returns the sinks with what is pinned of them
 */
export async function checkUses(
  sinks: readonly LogicalSink[],
  catalog: ConnectorCatalog,
  report: Report,
): Promise<readonly LogicalSink[]> {
  const checked: LogicalSink[] = [];
  for (const sink of sinks) checked.push(await checkSink(sink, catalog, report));
  const scans = nodesInOrder(sinks).filter((node): node is ScanNode => node.kind === 'scan');
  for (const scan of scans) {
    // One that is declared as a source was asked about as such.
    if (scan.access.options['type'] === 'source') continue;
    const { output: fields, metadata } = scan;
    const { issues } = await answerOf(catalog, {
      ...requestOf(scan),
      schema: { fields },
      metadata,
      use: 'read',
    });
    for (const { message, hint } of issues)
      report(
        diagnose('unreadableColumn', scan.span, `table '${scan.access.table}' is read: ${message}`, hint),
      );
  }
  return checked;
}

async function checkSink(sink: LogicalSink, catalog: ConnectorCatalog, report: Report): Promise<LogicalSink> {
  const { schema, metadata, access } = sink;
  const primaryKey = sink.primaryKey.map((index) => schema[index]?.name ?? '');
  const request: TableRequest = {
    ...requestOf(sink),
    schema: { fields: schema },
    metadata,
    primaryKey,
    use: 'write',
  };
  const { issues, pinned } = await answerOf(catalog, request);
  for (const { column, message, hint } of issues) {
    const index = schema.findIndex((field) => field.name === column);
    const span: Span = sink.columnSpans[index] ?? sink.span;
    const of = column === undefined ? '' : `column '${column}' of `;
    report(
      diagnose('unwritableColumn', span, `${of}table '${access.table}' can't be written: ${message}`, hint),
    );
  }
  return { ...sink, pinned };
}

function requestOf({ access }: ScanNode | LogicalSink): Omit<TableRequest, 'schema' | 'metadata' | 'use'> {
  const { table, connector, options } = access;
  return { table, connector, options, primaryKey: [] };
}

async function answerOf(
  catalog: ConnectorCatalog,
  request: TableRequest,
): Promise<{ readonly issues: readonly TableOptionIssue[]; readonly pinned: PinnedFormats }> {
  const resolution = await catalog.resolveTable(request);
  // Only a preview's connector may be unknown to a catalog; then its rows are shown by whoever asked for them.
  return resolution.kind === 'resolved' ? resolution : { issues: [], pinned: nothingPinned };
}
