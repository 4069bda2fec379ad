import { unaryHandler } from '@weir/wire/grpc-handler.ts';
import type { CheckpointServiceServer } from '@weir/wire/gen/weir/v1/checkpoint.ts';
import { decidedAtMs, stateBytes } from '../checkpoint/epoch-facts.ts';
import { keptEpochRecords } from '@weir/epoch-protocol/ledger-trim.ts';
import type { Coordinator } from '../coordinator.ts';
import { ledgerNow } from './ledger-now.ts';
import { recordNamed } from './pipeline-wishes.ts';

/** weir.v1.CheckpointService: the epochs that are kept, whatever is not trimmed away yet beside them. */
export function checkpointService(coordinator: Coordinator): CheckpointServiceServer {
  return {
    listCheckpoints: unaryHandler(async ({ name }) => {
      const { context } = coordinator;
      const record = await recordNamed(coordinator, name);
      const ledger = await ledgerNow(context, record);
      const scope = { cluster: context.clusterName, pipeline: name, pipelineId: record.id };
      const checkpoints = keptEpochRecords(ledger).map((epoch) => {
        const bytes = stateBytes(scope, epoch);
        return {
          epoch: epoch.body.e,
          generation: epoch.body.g,
          parent: epoch.body.parent ?? 0,
          status: epoch.status,
          decidedAtMs: BigInt(Math.round(decidedAtMs(epoch))),
          stateBytes: BigInt(bytes.total),
          writtenBytes: BigInt(bytes.written),
          transactions: epoch.body.handles.filter((handle) => handle.handle.kind !== 'empty').length,
          restoredFrom: epoch.body.restored?.from,
        };
      });
      return { checkpoints: checkpoints.toReversed() };
    }),
  };
}
