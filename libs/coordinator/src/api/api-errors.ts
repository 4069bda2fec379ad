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

/** WEIR-8305: no such profile or table. */
export function noSuchConnection(kind: 'profiles' | 'tables', name: string): GrpcStatusError {
  const [what, list] =
    kind === 'profiles' ? ['connection profile', 'weir profile list'] : ['saved table', 'weir table list'];
  return new GrpcStatusError(status.NOT_FOUND, 'WEIR-8305', `there is no ${what} '${name}'`, {
    hint: `${list} shows those that there are`,
  });
}

/** WEIR-8306: something uses it, or is about to remove it. */
export function inUse(message: string, hint: string): GrpcStatusError {
  return new GrpcStatusError(status.FAILED_PRECONDITION, 'WEIR-8306', message, { hint });
}

/** WEIR-8307: somebody else has changed it since it was read. */
export function changedMeanwhile(message: string): GrpcStatusError {
  return new GrpcStatusError(status.ABORTED, 'WEIR-8307', message, {
    hint: 'look at it as it is now, and change that',
  });
}
