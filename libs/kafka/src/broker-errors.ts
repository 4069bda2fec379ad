import { WeirError } from '@weir/kernel/errors.ts';
import type { ErrorCode, ErrorDisposition } from '@weir/kernel/errors.ts';
import { kafkajsErrorCodes } from './kafkajs-internals.ts';

/** Kafka's error codes that this library decides on. */
export const brokerError = {
  unknown: -1,
  none: 0,
  offsetOutOfRange: 1,
  corruptMessage: 2,
  unknownTopicOrPartition: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  requestTimedOut: 7,
  messageTooLarge: 10,
  networkException: 13,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopic: 17,
  recordListTooLarge: 18,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  topicAuthorizationFailed: 29,
  groupAuthorizationFailed: 30,
  clusterAuthorizationFailed: 31,
  unsupportedVersion: 35,
  topicAlreadyExists: 36,
  notController: 41,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  invalidTxnState: 48,
  invalidProducerIdMapping: 49,
  invalidTransactionTimeout: 50,
  concurrentTransactions: 51,
  transactionalIdAuthorizationFailed: 53,
  operationNotAttempted: 55,
  storageError: 56,
  fencedLeaderEpoch: 74,
  unknownLeaderEpoch: 75,
  offsetNotAvailable: 78,
  producerFenced: 90,
  transactionalIdNotFound: 105,
} as const;

const laterNames: Record<number, string> = {
  89: 'THROTTLING_QUOTA_EXCEEDED',
  90: 'PRODUCER_FENCED',
  91: 'RESOURCE_NOT_FOUND',
  92: 'DUPLICATE_RESOURCE',
  93: 'UNACCEPTABLE_CREDENTIAL',
  94: 'INCONSISTENT_VOTER_SET',
  95: 'INVALID_UPDATE_VERSION',
  96: 'FEATURE_UPDATE_FAILED',
  97: 'PRINCIPAL_DESERIALIZATION_FAILURE',
  100: 'UNKNOWN_TOPIC_ID',
  105: 'TRANSACTIONAL_ID_NOT_FOUND',
  120: 'TRANSACTION_ABORTABLE',
};
const known = new Map(kafkajsErrorCodes.map((entry) => [entry.code, entry]));

/** `NOT_LEADER_FOR_PARTITION (6)`. */
export function brokerErrorName(code: number): string {
  return `${known.get(code)?.type ?? laterNames[code] ?? 'error'} (${code})`;
}

const authorizationErrors: ReadonlySet<number> = new Set([29, 30, 31, 53, 65]);
/** 48 and 49 too: the transaction that this producer works in was ended by somebody else, the broker's timeout perhaps. */
const fencedErrors: ReadonlySet<number> = new Set([47, 48, 49, 90]);
/** OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID: the broker has lost what it knew of this producer; the next one begins afresh. */
const newProducerErrors: ReadonlySet<number> = new Set([45, 59]);
const repeatable: ReadonlySet<number> = new Set([
  -1, 3, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 72, 74, 75, 78, 89, 100,
]);

/** True for answers after which the same request may succeed: leaders and coordinators that move, servers under load. */
export function isRepeatable(code: number): boolean {
  return repeatable.has(code);
}

export function isAuthorizationError(code: number): boolean {
  return authorizationErrors.has(code);
}

/** What was refused, by name, as an error with the right disposition; `what` completes the sentence "Kafka refused to …". */
export function brokerAnswerError(code: number, what: string, detail?: string | null): WeirError {
  const text = `Kafka refused to ${what}: ${detail || known.get(code)?.message || 'no further text'} [${brokerErrorName(code)}]`;
  if (authorizationErrors.has(code)) {
    return new WeirError('WEIR-4005', text, {
      hint: 'give the principal of this connection the missing permission (ACL): READ on source topics, WRITE on sink topics and transactional ids, READ on groups',
    });
  }
  let disposition: ErrorDisposition = 'fatal';
  let errorCode: ErrorCode = 'WEIR-4004';
  if (fencedErrors.has(code)) [disposition, errorCode] = ['fenced', 'WEIR-4022'];
  else if (isRepeatable(code) || newProducerErrors.has(code)) disposition = 'retry';
  return new WeirError(errorCode, text, { disposition });
}

/**
 * No answer came: the request may or may not have been carried out (`sent`), or was certainly not sent.
 * WEIR-4001 the broker can't be reached, WEIR-4002 the answer is missing.
 */
export class NoAnswerError extends WeirError {
  override readonly name = 'NoAnswerError';
  readonly sent: boolean;

  constructor(code: ErrorCode, message: string, options: { sent: boolean; cause?: unknown; hint?: string }) {
    super(code, message, {
      disposition: 'retry',
      ...(options.cause === undefined ? {} : { cause: options.cause }),
      ...(options.hint === undefined ? {} : { hint: options.hint }),
    });
    this.sent = options.sent;
  }
}
