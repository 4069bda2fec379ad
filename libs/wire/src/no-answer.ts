import { status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';

/** What is said to a person about a call which the other side didn't answer itself. */
export interface Explanation {
  readonly message: string;
  /** What to do; undefined where nothing general can be said. */
  readonly hint?: string;
}

/** What the library or the system says -> what that means. The first that fits. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN|Name resolution failed|no addresses/i, "its name can't be resolved to an address"],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'no way leads there, or something between drops what is sent'],
  [
    /Protocol error|ERR_HTTP2|ERR_SSL|wrong version number|Parse Error|unexpected end of file|content-type/i,
    'what listens there speaks something else than gRPC',
  ],
  [/certificate|CERT_|self.signed/i, 'its certificate is not trusted'],
  [/ECONNRESET|EPIPE|dropped|closed|RST_STREAM|GOAWAY|shutting down|HTTP status/i, 'the connection broke'],
  [/No connection established/, 'no connection could be made'],
];

const checkAddress = 'see that it runs, and that this is the address it listens on';

/**
 * @param target what was called, with its address: `controller 127.0.0.1:7070`
 * @param whatToDo where no connection comes about; the default names no program
 */
export function explainNoAnswer(error: ServiceError, target: string, whatToDo = checkAddress): Explanation {
  const details = withoutNoise(error.details);
  switch (error.code) {
    case status.UNAVAILABLE: {
      const reason = reasons.find(([pattern]) => pattern.test(error.details))?.[1] ?? details;
      return { message: `${target} can't be reached${reason === '' ? '' : `: ${reason}`}`, hint: whatToDo };
    }
    case status.DEADLINE_EXCEEDED:
      return { message: `${target} gave no answer in time`, hint: whatToDo };
    case status.CANCELLED:
      return { message: `the call to ${target} was cancelled` };
    case status.UNIMPLEMENTED:
      return {
        message: `${target} doesn't know this call`,
        hint: 'it is another program, or of another version of Weir than this one',
      };
    default:
      return { message: `${target}: ${details === '' ? String(status[error.code]) : details}` };
  }
}

/** The library's parts that say nothing. */
function withoutNoise(details: string): string {
  return details
    .replace(/\.? ?Last error: (null|undefined)\b\.?/g, '')
    .replace(/\.? ?Resolution note: *$/g, '')
    .replace(/, ?(remote_addr|LB pick|metadata filters)[^]*$/, '')
    .trim();
}
