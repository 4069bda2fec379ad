import type { LogicalSink } from '../logical/nodes.ts';
import { fuseCalcs } from './fuse-calcs.ts';
import { lowerWindows } from './lower-windows.ts';
import { pruneColumns } from './prune-columns.ts';
import { recogniseTopN } from './recognise-top-n.ts';
import { shareEqualNodes } from './share-equal-nodes.ts';

/** From what a text says to what is worth running. Results stay the same. @throws DiagnosticFailure */
export function rewritePlan(sinks: readonly LogicalSink[]): LogicalSink[] {
  return shareEqualNodes(fuseCalcs(pruneColumns(fuseCalcs(recogniseTopN(lowerWindows(sinks))))));
}
