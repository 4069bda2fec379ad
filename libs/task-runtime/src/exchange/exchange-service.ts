import { Metadata } from '@grpc/grpc-js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { WeirError } from '@weir/kernel/errors.ts';
import { present } from '@weir/kernel/assert.ts';
import { ExchangeStreamService, type ChannelMessage } from '@weir/wire/exchange-stream.ts';
import type { GrantCreditsRequest, PullFramesRequest } from '@weir/wire/gen/weir/internal/v1/exchange.ts';
import { streamHandler, unaryHandler } from '@weir/wire/grpc-handler.ts';
import type { GrpcService } from '@weir/wire/grpc-server.ts';
import { refusal, type ExchangeHub } from './exchange-hub.ts';
import { acceptedHeader } from './exchange-pull.ts';

/** weir.internal.v1.ExchangeService over the links of a worker. */
export function exchangeService(hub: ExchangeHub): GrpcService {
  return {
    definition: ExchangeStreamService,
    implementation: {
      pullFrames: streamHandler<PullFramesRequest, ChannelMessage>((request, stream, gone) =>
        pullFrames(hub, request, stream, gone),
      ),
      grantCredits: unaryHandler((request: GrantCreditsRequest) => {
        const link = hub.find(request.scope, request.receiverIncarnation);
        for (const { channel, bytes } of request.credits) {
          const { exchange, fromSubtask, toSubtask } = present(channel, 'the channel of a credit');
          link.grant({ exchange, from: fromSubtask, to: toSubtask }, Number(bytes));
        }
        return {};
      }),
    },
  };
}

async function pullFrames(
  hub: ExchangeHub,
  request: PullFramesRequest,
  stream: ServerWritableStream<PullFramesRequest, ChannelMessage>,
  gone: AbortSignal,
): Promise<void> {
  const link = hub.find(request.scope, request.receiverIncarnation);
  if (link.opened) throw refusal('this exchange stream has been opened before');
  const accepted = new Metadata();
  accepted.set(acceptedHeader, '1');
  stream.sendMetadata(accepted);
  link.open(stream, Number(request.initialCreditBytes));
  await Promise.race([
    link.ended,
    new Promise<void>((resolve) => gone.addEventListener('abort', () => resolve(), { once: true })),
  ]);
  if (!link.isEnded) {
    link.fail(
      new WeirError('WEIR-7211', `the exchange to worker ${request.receiverIncarnation} broke`, {
        disposition: 'retry',
      }),
    );
  }
}
