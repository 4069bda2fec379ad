import { unaryHandler } from '@weir/wire/grpc-handler.ts';
import type { CheckpointServiceServer } from '@weir/wire/gen/weir/v1/checkpoint.ts';
import { decidedAtMs, stateBytes } from '../checkpoint/epoch-facts.ts';
import { readLedger } from '../checkpoint/read-ledger.ts';
import type { Coordinator } from '../coordinator.ts';
import { recordNamed } from './pipeline-wishes.ts';

const readDeadlineMs = 10_000;

/** weir.v1.CheckpointService: the epochs that the ledger holds. */
export function checkpointService(coordinator: Coordinator): CheckpointServiceServer {
  return {
    listCheckpoints: unaryHandler(async ({ name }) => {
      const { context } = coordinator;
      const record = await recordNamed(coordinator, name);
      const driver = coordinator.driver(name);
      const given = new AbortController();
      const timer = context.ports.timers.after(readDeadlineMs, () =>
        given.abort(new Error('the object store is slow')),
      );
      const ledger = await (driver?.ledgerState() ?? readLedger(context, record, given.signal)).finally(() =>
        timer.cancel(),
      );
      const scope = { cluster: context.clusterName, pipeline: name, pipelineId: record.id };
      const checkpoints = ledger.epochs.map((epoch) => {
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
        };
      });
      return { checkpoints: checkpoints.toReversed() };
    }),
  };
}
