import { plainTransport } from '@weir/security/secure-transport.ts';
import { CheckpointServiceClient } from '@weir/wire/gen/weir/v1/checkpoint.ts';
import { ClusterServiceClient } from '@weir/wire/gen/weir/v1/cluster.ts';
import { ConnectionServiceClient } from '@weir/wire/gen/weir/v1/connection.ts';
import { PipelineServiceClient } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { callUnary } from '@weir/wire/grpc-call.ts';
import type { CallSettings, UnaryMethod } from '@weir/wire/grpc-call.ts';

/** How long a call may take: creating a pipeline compiles it and reads topics' metadata. */
const deadlineMs = 60_000;
const whatToDo =
  'see that a controller runs there (weir up starts a cluster on this machine), or name another: --controller host:port or WEIR_CONTROLLER';

/** The controller's API. */
export class ControllerClient {
  readonly address: string;
  readonly pipelines: PipelineServiceClient;
  readonly connections: ConnectionServiceClient;
  readonly checkpoints: CheckpointServiceClient;
  readonly cluster: ClusterServiceClient;

  constructor(address: string) {
    this.address = address;
    const { channel } = plainTransport();
    this.pipelines = new PipelineServiceClient(address, channel);
    this.connections = new ConnectionServiceClient(address, channel);
    this.checkpoints = new CheckpointServiceClient(address, channel);
    this.cluster = new ClusterServiceClient(address, channel);
  }

  /** Who is called, for messages. */
  get target(): Pick<CallSettings, 'target' | 'whatToDo'> {
    return { target: `controller ${this.address}`, whatToDo };
  }

  /** `method` is bound to its client. */
  call<Request, Response>(method: UnaryMethod<Request, Response>, request: Request): Promise<Response> {
    return callUnary(method, request, { deadlineAtMs: Date.now() + deadlineMs, ...this.target });
  }

  close(): void {
    this.pipelines.close();
    this.connections.close();
    this.checkpoints.close();
    this.cluster.close();
  }
}
