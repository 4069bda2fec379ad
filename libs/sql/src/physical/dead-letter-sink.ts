import { appendMode } from '@weir/plan/change-mode.ts';
import type { PlannedOperator } from '@weir/plan/physical-plan.ts';
import { deadLetterTable, rejectedColumns, rejectedSchema } from '@weir/plan/rejected-schema.ts';
import type { TableAccess } from '@weir/plan/table-spec.ts';
import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { LogicalNode } from '../logical/nodes.ts';
import { contentHash } from './content-hash.ts';
import { tableIdentity } from './table-identity.ts';

/** Options of the table that hold for the topic of its dead letters, too, beside those that say how to reach the system. */
const shared = ['connection_profile', 'sink.compression', 'sink.transaction_timeout'];

/**
 * The sink of the records that a source can't read, where its table wants them kept; null where it doesn't. A sink like any other, always
 * exactly once: a record is in its topic if and only if the epoch that passed it is committed.
 */
export function deadLetterSink(source: string, access: TableAccess): PlannedOperator | null {
  const { options } = access;
  const topic = options['dead_letter.topic'];
  if (options['bad_data'] !== 'dead_letter' || topic === undefined) return null;
  const kept = [...access.connection.options, ...shared];
  const own = Object.fromEntries(
    Object.entries(options).filter(([name]) => kept.includes(name) && !name.startsWith('schema_registry.')),
  );
  const spec: TableAccess = {
    specVersion: 1,
    table: deadLetterTable(access.table),
    connector: access.connector,
    options: { ...own, topic, type: 'sink', format: 'raw_bytes' },
    connection: {
      profile: access.connection.profile,
      options: access.connection.options.filter((name) => own[name] !== undefined),
    },
    format: { name: 'raw_bytes', options: [] },
    secrets: access.secrets.filter((name) => own[name] !== undefined),
  };
  return {
    id: contentHash(JSON.stringify(['dead_letters', source, tableIdentity(spec)])),
    title: `dead letters of ${access.table}`,
    node: {
      kind: 'sink',
      ...spec,
      schema: rejectedSchema,
      metadata: rejectedColumns.map(({ metadata }) => metadata),
      primaryKey: [],
      changes: 'append',
    },
    inputs: [{ kind: 'local', operator: source, output: 'rejected' }],
    output: rejectedSchema,
    changes: appendMode,
    keys: [],
  };
}

/** Dead letters that the pipeline reads itself would come back for ever. Topics are compared as they are written. */
export function refuseReadDeadLetters(
  order: readonly LogicalNode[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const scans = order.filter((node) => node.kind === 'scan');
  for (const { access, span } of scans) {
    const topic = access.options['dead_letter.topic'];
    if (access.options['bad_data'] !== 'dead_letter' || topic === undefined) continue;
    const reader = scans.find((scan) => isSameSystem(scan.access, access) && reads(scan.access, topic));
    if (reader === undefined) continue;
    const message = `the dead letters of ${access.table} go to '${topic}', which ${reader.access.table} reads: they would come back for ever`;
    report(diagnose('badOption', span, message, "name another topic in 'dead_letter.topic'"));
  }
}

function isSameSystem(a: TableAccess, b: TableAccess): boolean {
  return (
    a.connector === b.connector &&
    a.connection.profile === b.connection.profile &&
    a.options['bootstrap_servers'] === b.options['bootstrap_servers']
  );
}

function reads({ options }: TableAccess, topic: string): boolean {
  const pattern = options['topic_pattern'];
  if (pattern === undefined) return (options['topic'] ?? '').split(',').some((name) => name.trim() === topic);
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(topic);
  } catch {
    return false; // it has a variable, and is checked again when that is filled in
  }
}
