import { WeirError, type ErrorDisposition } from '@weir/kernel/errors.ts';

/** WEIR-5001: the change may or may not have happened: read back before doing anything else. */
export class StoreOutcomeUnknown extends WeirError {
  override readonly name = 'StoreOutcomeUnknown';
  constructor(what: string, cause: unknown) {
    super('WEIR-5001', `${what}: no answer, it may or may not have happened`, {
      cause,
      disposition: 'retry',
    });
  }
}

/** WEIR-5002: the store could not do it, and nothing was changed. */
export class StoreUnavailable extends WeirError {
  override readonly name = 'StoreUnavailable';
  constructor(
    what: string,
    options: { cause?: unknown; hint?: string; disposition?: ErrorDisposition } = {},
  ) {
    super('WEIR-5002', what, { disposition: 'retry', ...options });
  }
}

/** WEIR-5003: the store doesn't do what exactly-once rests on (read-after-write, put-if-absent). */
export class StoreUnsound extends WeirError {
  override readonly name = 'StoreUnsound';
  constructor(url: string, what: string) {
    super('WEIR-5003', `the object store ${url} can't be used: ${what}`, {
      hint: 'use a local folder, or an S3-compatible store which honours If-None-Match and If-Match',
    });
  }
}

/** WEIR-5004: a key or address that no store takes. */
export class InvalidStoreName extends WeirError {
  override readonly name = 'InvalidStoreName';
  constructor(what: string, hint?: string) {
    super('WEIR-5004', what, hint === undefined ? {} : { hint });
  }
}

const advice: Record<string, { why: string; hint: string; disposition: ErrorDisposition }> = {
  ENOSPC: {
    why: 'no space is left',
    hint: 'free space on that file system; Weir goes on by itself',
    disposition: 'retry',
  },
  EDQUOT: {
    why: 'the disk quota is used up',
    hint: 'free space or raise the quota; Weir goes on by itself',
    disposition: 'retry',
  },
  EROFS: {
    why: 'the file system is read-only',
    hint: 'mount it read-write, or point WEIR_STORE_URL at another folder',
    disposition: 'fatal',
  },
  EACCES: {
    why: 'permission denied',
    hint: 'give the user that runs Weir read and write permission on that folder',
    disposition: 'fatal',
  },
  EPERM: {
    why: 'operation not permitted',
    hint: 'give the user that runs Weir read and write permission on that folder',
    disposition: 'fatal',
  },
  EMFILE: {
    why: 'too many open files',
    hint: 'raise the limit of open files (ulimit -n)',
    disposition: 'retry',
  },
  ENOTDIR: {
    why: 'a part of the path is a file',
    hint: 'point WEIR_STORE_URL at a folder',
    disposition: 'fatal',
  },
};

/** The error code of a failed system call, undefined for other errors. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** A failed system call which changed nothing, as an error that says where and what to do. */
export function explainSystemError(what: string, path: string, cause: unknown): StoreUnavailable {
  const known = advice[systemCode(cause) ?? ''];
  if (known === undefined) return new StoreUnavailable(`${what} at ${path} failed`, { cause });
  const { why, hint, disposition } = known;
  return new StoreUnavailable(`${what} at ${path} failed: ${why}`, { cause, hint, disposition });
}
