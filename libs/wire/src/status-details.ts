import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** google.rpc.ErrorInfo. */
export interface ErrorInfo {
  /** Stable, for programs: `WEIR-8301`. */
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The trailer in which every gRPC library looks for more than code and message. */
export const statusDetailsKey = 'grpc-status-details-bin';

const errorInfoType = 'type.googleapis.com/google.rpc.ErrorInfo';
/** Trailers are bounded, and the message goes in one of its own too. */
const mostTextLength = 1500;

/**
 * A google.rpc.Status with one google.rpc.ErrorInfo, encoded. Both are small and frozen by their publisher:
 * Status { int32 code = 1; string message = 2; repeated Any details = 3 }, Any { string type_url = 1; bytes value = 2 },
 * ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3 }.
 */
export function encodeStatusDetails(code: number, message: string, info: ErrorInfo): Buffer {
  const writer = new BinaryWriter().uint32(tag(1, 0)).int32(code).uint32(tag(2, 2)).string(bounded(message));
  writer.uint32(tag(3, 2)).fork();
  writer.uint32(tag(1, 2)).string(errorInfoType);
  writer.uint32(tag(2, 2)).bytes(encodeErrorInfo(info));
  return Buffer.from(writer.join().finish());
}

function encodeErrorInfo({ reason, domain, metadata }: ErrorInfo): Uint8Array {
  const writer = new BinaryWriter().uint32(tag(1, 2)).string(reason).uint32(tag(2, 2)).string(domain);
  for (const [key, value] of Object.entries(metadata)) {
    writer.uint32(tag(3, 2)).fork();
    writer.uint32(tag(1, 2)).string(key).uint32(tag(2, 2)).string(bounded(value)).join();
  }
  return writer.finish();
}

const tag = (field: number, wireType: number): number => field * 8 + wireType;

function bounded(text: string): string {
  return text.length <= mostTextLength ? text : `${text.slice(0, mostTextLength)}…`;
}
