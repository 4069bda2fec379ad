import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { makeGenericClientConstructor } from '@grpc/grpc-js';
import type { ChannelCredentials, Client, ClientOptions, ClientReadableStream } from '@grpc/grpc-js';
import type { CallOptions, ClientUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import { internalLimits } from './call-limits.ts';
import {
  Barrier,
  Channel,
  ExchangeServiceService,
  type GrantCreditsRequest,
  type GrantCreditsResponse,
  type PullFramesRequest,
} from './gen/weir/internal/v1/exchange.ts';

/*
 * weir.internal.v1.ExchangeService, on the wire the same as the generated code, for frames of rows: a frame is copied once on
 * its way out and not at all on its way in, numbers stay numbers.
 */
export interface ChannelMessage {
  readonly channel: Channel;
  readonly sequence: number;
  readonly element: ChannelMessageElement;
}

export type ChannelMessageElement =
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  | { readonly kind: 'watermark'; readonly micros: number }
  | { readonly kind: 'barrier'; readonly epoch: number; readonly final: boolean }
  | { readonly kind: 'idle'; readonly idle: boolean };

/** Stands for +Infinity, the end of an input. */
const endMicros = 9223372036854775807n;
// Field numbers of PullFramesResponse, as protobuf tags (number * 8 + wire type).
const tag = { channel: 10, sequence: 16, frame: 26, watermark: 32, barrier: 42, idle: 56 } as const;

export function encodeChannelMessage(message: ChannelMessage): Buffer {
  const writer = new BinaryWriter();
  writer.uint32(tag.channel).fork();
  Channel.encode(message.channel, writer);
  writer.join();
  writer.uint32(tag.sequence).uint64(message.sequence);
  const { element } = message;
  switch (element.kind) {
    case 'frame': {
      writer.uint32(tag.frame).uint32(element.bytes.length);
      return Buffer.concat([writer.finish(), element.bytes]);
    }
    case 'watermark':
      writer
        .uint32(tag.watermark)
        .int64(element.micros === Infinity ? endMicros : BigInt(Math.floor(element.micros)));
      break;
    case 'barrier':
      writer.uint32(tag.barrier).fork();
      Barrier.encode({ epoch: element.epoch, final: element.final }, writer);
      writer.join();
      break;
    case 'idle':
      writer.uint32(tag.idle).bool(element.idle);
      break;
  }
  return Buffer.from(writer.finish());
}

/** A frame's bytes are a view into `bytes`. @throws Error when they aren't a PullFramesResponse */
export function decodeChannelMessage(bytes: Uint8Array): ChannelMessage {
  const reader = new BinaryReader(bytes);
  let channel: Channel | undefined;
  let sequence = 0;
  let element: ChannelMessageElement | undefined;
  while (reader.pos < reader.len) {
    const next = reader.uint32();
    switch (next) {
      case tag.channel:
        channel = Channel.decode(reader, reader.uint32());
        break;
      case tag.sequence:
        sequence = Number(reader.uint64());
        break;
      case tag.frame:
        element = { kind: 'frame', bytes: reader.bytes() };
        break;
      case tag.watermark: {
        const micros = BigInt(reader.int64());
        element = { kind: 'watermark', micros: micros === endMicros ? Infinity : Number(micros) };
        break;
      }
      case tag.barrier: {
        const { epoch, final } = Barrier.decode(reader, reader.uint32());
        element = { kind: 'barrier', epoch, final };
        break;
      }
      case tag.idle:
        element = { kind: 'idle', idle: reader.bool() };
        break;
      default:
        reader.skip(next & 7);
    }
  }
  if (channel === undefined || element === undefined)
    throw new Error('an exchange message without a channel or an element');
  return { channel, sequence, element };
}

export const ExchangeStreamService = {
  ...ExchangeServiceService,
  pullFrames: {
    ...ExchangeServiceService.pullFrames,
    responseSerialize: encodeChannelMessage,
    responseDeserialize: decodeChannelMessage as (bytes: Buffer) => ChannelMessage,
  },
} as const;

export interface ExchangeStreamClient extends Client {
  pullFrames(
    request: PullFramesRequest,
    options?: Partial<CallOptions>,
  ): ClientReadableStream<ChannelMessage>;
  grantCredits(
    request: GrantCreditsRequest,
    metadata: Metadata,
    options: Partial<CallOptions>,
    callback: (error: ServiceError | null, response: GrantCreditsResponse) => void,
  ): ClientUnaryCall;
}

/** Options of a client that pulls frames: a wide flow-control window, no transport retries (docs/protocol.md). */
export const exchangeClientOptions: Partial<ClientOptions> = {
  'grpc-node.flow_control_window': 4 * 1024 * 1024,
  'grpc.enable_retries': 0,
  'grpc.max_receive_message_length': internalLimits.sendBytes,
  'grpc.use_local_subchannel_pool': 1,
};

export const ExchangeStreamClient = makeGenericClientConstructor(
  ExchangeStreamService,
  'weir.internal.v1.ExchangeService',
) as unknown as new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => ExchangeStreamClient;
