import type { LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import { Ledger } from './ledger.ts';

/** A pipeline's ledger to its end, for those who only look. */
export function readLedger(
  context: CoordinatorContext,
  record: PipelineRecord,
  signal: AbortSignal,
): Promise<LedgerState> {
  const { store, ports, writer, clusterName } = context;
  const scope = { cluster: clusterName, pipeline: record.name, pipelineId: record.id };
  return new Ledger({ store, scope, ports, writer, signal }).read();
}
