import { status } from '@grpc/grpc-js';
import { GrpcStatusError } from '@weir/wire/grpc-error.ts';

/** WEIR-8301 */
export function noSuchPipeline(name: string): GrpcStatusError {
  return new GrpcStatusError(status.NOT_FOUND, 'WEIR-8301', `there is no pipeline '${name}'`, {
    hint: 'weir ls shows those that there are',
  });
}

/** WEIR-8302: what was asked makes no sense in the state that the pipeline is in. */
export function wrongState(message: string, hint: string): GrpcStatusError {
  return new GrpcStatusError(status.FAILED_PRECONDITION, 'WEIR-8302', message, { hint });
}

/** WEIR-8303: an argument that can't be right. */
export function wrongArgument(message: string, hint: string): GrpcStatusError {
  return new GrpcStatusError(status.INVALID_ARGUMENT, 'WEIR-8303', message, { hint });
}

/** WEIR-8304: the name is taken by something else. */
export function nameTaken(message: string, hint: string): GrpcStatusError {
  return new GrpcStatusError(status.ALREADY_EXISTS, 'WEIR-8304', message, { hint });
}
