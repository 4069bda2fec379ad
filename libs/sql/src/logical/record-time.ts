import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { LogicalNode, ScanNode } from './nodes.ts';

/** The column with the time of each record, not in `*`: it is the event time of a table that names none. */
export const recordTimeColumn = '$record_time';

/** Says of which tables the windows of a plan are by the time of their records, since they name no event time. */
export function warnOfRecordTime(
  nodes: readonly LogicalNode[],
  scanOf: (node: LogicalNode) => ScanNode | undefined,
  report: (diagnostic: Diagnostic) => void,
): void {
  for (const node of nodes) {
    if (node.kind !== 'watermark' || node.output[node.eventTime]?.name !== recordTimeColumn) continue;
    const scan = scanOf(node);
    if (scan === undefined) continue;
    const message = `table '${scan.access.table}' names no event time: its windows are by the time of its records, 1 second behind`;
    const hint = "add WATERMARK FOR ts AS ts - INTERVAL '5 seconds' to the table to take a column of it";
    report(diagnose('recordTime', scan.span, message, hint, 'warning'));
  }
}
