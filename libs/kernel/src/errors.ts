/** `WEIR-` and four digits: 0xxx kernel, 1xxx-2xxx SQL, 3xxx connectors and formats, 4xxx Kafka, 5xxx object store, 6xxx control bus, 7xxx protocol and coordination, 8xxx API and CLI. */
export type ErrorCode = `WEIR-${string}`;

/**
 * What a caller may do about it.
 * `retry`: the same call may succeed later (a server is away, a coordinator moved).
 * `fatal`: it would fail again in the same way (bad data, no permission, a wrong option).
 * `fenced`: somebody newer has taken over; the caller must stop and read the ledger.
 */
export type ErrorDisposition = 'retry' | 'fatal' | 'fenced';

/** The base of every error that Weir raises on purpose: a stable code, a sentence that says where and what to do. */
export class WeirError extends Error {
  override readonly name: string = 'WeirError';
  readonly code: ErrorCode;
  readonly disposition: ErrorDisposition;
  /** What to do about it, if there is something to say. */
  readonly hint: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; disposition?: ErrorDisposition; hint?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.disposition = options.disposition ?? 'fatal';
    this.hint = options.hint;
  }
}

/** One line for people: the code, the message, the causes below it. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error instanceof WeirError ? `${error.code} ${error.message}` : error.message || error.name;
  return error.cause === undefined ? own : `${own}: ${describeError(error.cause)}`;
}

/** The disposition of any thrown value: errors that Weir did not raise itself are taken as fatal. */
export function dispositionOf(error: unknown): ErrorDisposition {
  return error instanceof WeirError ? error.disposition : 'fatal';
}
