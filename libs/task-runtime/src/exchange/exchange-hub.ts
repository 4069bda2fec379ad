import { status } from '@grpc/grpc-js';
import { GrpcStatusError } from '@weir/wire/grpc-error.ts';
import type { TaskScope } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import type { OutboundLink } from './outbound-link.ts';

interface GenerationLinks {
  readonly generation: number;
  /** By incarnation of the receiving worker. Null once the generation has ended here. */
  links: ReadonlyMap<string, OutboundLink> | null;
}

/** The sending sides of all generations of a worker, where other workers find them. */
export class ExchangeHub {
  readonly #incarnation: string;
  readonly #byPipeline = new Map<string, GenerationLinks>();

  constructor(incarnation: string) {
    this.#incarnation = incarnation;
  }

  register(pipelineId: string, generation: number, links: ReadonlyMap<string, OutboundLink>): void {
    this.#byPipeline.set(pipelineId, { generation, links });
  }

  unregister(pipelineId: string, generation: number): void {
    const entry = this.#byPipeline.get(pipelineId);
    if (entry?.generation === generation) entry.links = null;
  }

  /**
   * The link to a receiver.
   * @throws GrpcStatusError NOT_FOUND while that generation hasn't started here, FAILED_PRECONDITION when it is over, or for another incarnation
   */
  find(scope: TaskScope | undefined, receiver: string): OutboundLink {
    if (scope === undefined || scope.incarnation !== this.#incarnation) {
      throw refusal(`this worker is incarnation ${this.#incarnation}, not ${scope?.incarnation ?? ''}`);
    }
    const entry = this.#byPipeline.get(scope.pipelineId);
    if (entry === undefined || entry.generation < scope.generation) {
      throw new GrpcStatusError(
        status.NOT_FOUND,
        'WEIR-7213',
        `generation ${scope.generation} of ${scope.pipeline} has not started here`,
        { disposition: 'retry' },
      );
    }
    if (entry.generation > scope.generation || entry.links === null) {
      throw refusal(`generation ${scope.generation} of ${scope.pipeline} is over`);
    }
    const link = entry.links.get(receiver);
    if (link === undefined) throw refusal(`nothing goes from here to worker ${receiver}`);
    return link;
  }
}

export function refusal(why: string): GrpcStatusError {
  return new GrpcStatusError(status.FAILED_PRECONDITION, 'WEIR-7214', why, { disposition: 'fenced' });
}
