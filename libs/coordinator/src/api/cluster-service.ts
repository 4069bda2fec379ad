import { unaryHandler } from '@weir/wire/grpc-handler.ts';
import type { ClusterServiceServer } from '@weir/wire/gen/weir/v1/cluster.ts';
import type { Coordinator } from '../coordinator.ts';

/** weir.v1.ClusterService: the processes, as this controller sees them. */
export function clusterService(coordinator: Coordinator, version: string): ClusterServiceServer {
  return {
    getCluster: unaryHandler(() => {
      const { clusterName, workers, slots, bus, ports } = coordinator.context;
      const nowMs = ports.clock.nowMs();
      return {
        name: clusterName,
        version,
        busConnected: bus.connected,
        workers: workers.workers().map((worker) => ({
          incarnation: worker.incarnation,
          address: worker.address,
          adminAddress: worker.adminAddress,
          slots: worker.slots,
          usedSlots: Math.max(worker.usedSlots, slots.heldOn(worker.incarnation)),
          silentMs: Math.max(0, Math.round(nowMs - worker.lastSeenMs)),
        })),
      };
    }),
  };
}
