import { tracingServerInterceptor } from '@weir/telemetry/grpc-tracing.ts';
import { CheckpointServiceService } from '@weir/wire/gen/weir/v1/checkpoint.ts';
import { ClusterServiceService } from '@weir/wire/gen/weir/v1/cluster.ts';
import { ConnectionServiceService } from '@weir/wire/gen/weir/v1/connection.ts';
import { PipelineServiceService } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { publicLimits } from '@weir/wire/call-limits.ts';
import type { ServerSecurity } from '@weir/wire/caller.ts';
import { startGrpcServer, type GrpcServer } from '@weir/wire/grpc-server.ts';
import type { Coordinator } from '../coordinator.ts';
import { checkpointService } from './checkpoint-service.ts';
import { connectionService } from './connection-service.ts';
import { clusterService } from './cluster-service.ts';
import { pipelineService } from './pipeline-service.ts';

export interface ApiServerOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  readonly version: string;
  readonly security: ServerSecurity;
}

/** The public API `weir.v1` with reflection and the standard health service. */
export function startApiServer(coordinator: Coordinator, options: ApiServerOptions): Promise<GrpcServer> {
  return startGrpcServer({
    listen: options.listen,
    services: [
      { definition: PipelineServiceService, implementation: pipelineService(coordinator) },
      { definition: ConnectionServiceService, implementation: connectionService(coordinator) },
      { definition: CheckpointServiceService, implementation: checkpointService(coordinator) },
      { definition: ClusterServiceService, implementation: clusterService(coordinator, options.version) },
    ],
    reflection: [
      'weir/v1/pipeline.proto',
      'weir/v1/connection.proto',
      'weir/v1/checkpoint.proto',
      'weir/v1/cluster.proto',
    ],
    security: options.security,
    limits: publicLimits,
    interceptors: [tracingServerInterceptor],
  });
}
