import { describeError, dispositionOf, WeirError, type ErrorDisposition } from '@weir/kernel/errors.ts';

/** What is wrong with a pipeline, for people. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** It goes on by itself once the cause is gone. */
  readonly transient: boolean;
}

export function problemOf(error: unknown, disposition: ErrorDisposition = dispositionOf(error)): Problem {
  const transient = disposition !== 'fatal';
  if (error instanceof WeirError) {
    const causes = error.cause === undefined ? '' : `: ${describeError(error.cause)}`;
    return { code: error.code, message: `${error.message}${causes}`, hint: error.hint ?? '', transient };
  }
  return { code: 'WEIR-7100', message: describeError(error), hint: '', transient };
}
