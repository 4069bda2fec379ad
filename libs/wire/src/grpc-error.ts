import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { WeirError, type ErrorCode, type ErrorDisposition } from '@weir/kernel/errors.ts';
import { explainNoAnswer } from './no-answer.ts';
import { encodeStatusDetails, statusDetailsKey } from './status-details.ts';

type StatusCode = (typeof status)[keyof typeof status] & number;

/*
 * How a WeirError crosses gRPC: a status for every client, and beside it the code, the hint and the disposition: as google.rpc.ErrorInfo in
 * `grpc-status-details-bin`, where every client's library finds them, and in trailers of their own, from which our clients make the same
 * WeirError again.
 */
const errorDomain = 'weir';
const codeKey = 'weir-code';
const dispositionKey = 'weir-disposition';
const hintKey = 'weir-hint-bin';

/** A WeirError for which a certain gRPC status is part of the contract (NOT_FOUND, FAILED_PRECONDITION, ...). */
export class GrpcStatusError extends WeirError {
  readonly status: StatusCode;

  constructor(
    grpcStatus: StatusCode,
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; disposition?: ErrorDisposition; hint?: string } = {},
  ) {
    super(code, message, options);
    this.status = grpcStatus;
  }
}

/** What a handler answers for anything thrown. Errors that aren't WeirErrors are INTERNAL. */
export function toServiceError(error: unknown): Partial<ServiceError> {
  const metadata = new Metadata();
  if (!(error instanceof WeirError)) {
    return {
      code: status.INTERNAL,
      details: error instanceof Error ? error.message : String(error),
      metadata,
    };
  }
  metadata.set(codeKey, error.code);
  metadata.set(dispositionKey, error.disposition);
  if (error.hint !== undefined) metadata.set(hintKey, Buffer.from(error.hint));
  const code = statusOf(error);
  const { disposition, hint, message } = error;
  const info = { disposition, ...(hint === undefined ? {} : { hint }) };
  metadata.set(
    statusDetailsKey,
    encodeStatusDetails(code, message, { reason: error.code, domain: errorDomain, metadata: info }),
  );
  return { code, details: message, metadata };
}

function statusOf(error: WeirError): StatusCode {
  if (error instanceof GrpcStatusError) return error.status;
  switch (error.disposition) {
    case 'retry':
      return status.UNAVAILABLE;
    case 'fenced':
      return status.ABORTED;
    case 'fatal':
      return error.code === 'WEIR-0001' ? status.INTERNAL : status.INVALID_ARGUMENT;
  }
}

/** The gRPC status of an error, or undefined when it has none. */
export function grpcStatusOf(error: unknown): StatusCode | undefined {
  if (error instanceof GrpcStatusError) return error.status;
  if (isServiceError(error)) return error.code;
  return undefined;
}

function isServiceError(error: unknown): error is ServiceError {
  return (
    error instanceof Error && typeof (error as Partial<ServiceError>).code === 'number' && 'details' in error
  );
}

const retryable: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
]);

/**
 * The error that a client throws for a failed call: the WeirError of the other side, or, where the other side said
 * nothing of the kind, WEIR-8001 (no answer: `retry`) or WEIR-8002 (refused: `fatal`).
 * @param target what was called, for the message: `worker 127.0.0.1:4711 StartTasks`
 * @param whatToDo the hint where it can't be reached
 */
export function fromServiceError(error: unknown, target: string, whatToDo?: string): WeirError {
  if (error instanceof WeirError) return error;
  if (!isServiceError(error)) return new WeirError('WEIR-8002', `${target} failed`, { cause: error });
  const code = error.metadata.get(codeKey)[0];
  const hint = error.metadata.get(hintKey)[0];
  const disposition = error.metadata.get(dispositionKey)[0];
  if (typeof code === 'string') {
    return new GrpcStatusError(error.code, code as ErrorCode, error.details, {
      ...(hint === undefined ? {} : { hint: hint.toString() }),
      disposition: disposition === 'retry' || disposition === 'fenced' ? disposition : 'fatal',
    });
  }
  if (isTooLarge(error)) {
    return new GrpcStatusError(error.code, 'WEIR-8004', `${target}: ${error.details}`, {
      cause: error,
      hint: 'the same message would be refused again: make what it carries smaller',
    });
  }
  const retry = retryable.has(error.code);
  const explained = explainNoAnswer(error, target, whatToDo);
  return new GrpcStatusError(error.code, retry ? 'WEIR-8001' : 'WEIR-8002', explained.message, {
    ...(explained.hint === undefined ? {} : { hint: explained.hint }),
    disposition: retry ? 'retry' : 'fatal',
  });
}

/** gRPC's library says with one status that a server is busy and that a message is larger than it may be; only the first may pass. */
function isTooLarge({ code, details }: ServiceError): boolean {
  return code === status.RESOURCE_EXHAUSTED && /message\b.*larger than/i.test(details);
}
