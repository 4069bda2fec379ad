import type { WeirError } from '@weir/kernel/errors.ts';
import { StoreUnavailable, StoreUnsound } from '../store-errors.ts';
import type { HttpAnswer } from './s3-exchange.ts';
import { xmlTexts } from './s3-xml.ts';

const throttling = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'RequestTimeout', // the body did not arrive in time
]);
const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'InvalidToken', 'TokenRefreshRequired']);

/** S3's name of an error: `NoSuchKey`; empty when the answer isn't S3's. */
export function errorCode(answer: HttpAnswer): string {
  if (answer.status < 300) return '';
  return xmlTexts(Buffer.from(answer.body).toString('utf8', 0, 65_536), 'Code')[0] ?? '';
}

export type S3Outcome =
  /** An answer to act upon. */
  | 'answered'
  /** Nothing was done, and the same request may succeed a moment later. */
  | 'again'
  /** Nothing was done; other credentials are needed. */
  | 'expired'
  /** The server failed: what it did nobody knows. */
  | 'unknown';

/** What an answer says about its request. */
export function outcomeOf(answer: HttpAnswer, code: string): S3Outcome {
  if (answer.status < 300) return 'answered';
  if (expired.has(code)) return 'expired';
  // 409: another conditional put of the same object was under way. S3 asks to send it again.
  if (
    answer.status === 429 ||
    throttling.has(code) ||
    code === 'ConditionalRequestConflict' ||
    code === 'OperationAborted'
  )
    return 'again';
  return answer.status >= 500 && answer.status !== 501 && answer.status !== 507 ? 'unknown' : 'answered';
}

interface Advice {
  readonly why: string;
  readonly hint: string;
  /** True: it ends by itself or by somebody's action, without a restart of Weir. */
  readonly retry?: boolean;
}

const wrongKeys = 'check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_PROFILE';
const advice: Readonly<Record<string, Advice>> = {
  NoSuchBucket: { why: 'there is no such bucket', hint: 'create the bucket, or correct WEIR_STORE_URL' },
  InvalidBucketName: { why: 'that is no name of a bucket', hint: 'correct the bucket in WEIR_STORE_URL' },
  AccessDenied: {
    why: 'permission denied',
    hint: 'allow s3:GetObject, s3:PutObject and s3:DeleteObject on the objects and s3:ListBucket on the bucket (without it S3 hides that an object is not there)',
  },
  InvalidAccessKeyId: { why: 'the server does not know this access key', hint: wrongKeys },
  SignatureDoesNotMatch: { why: 'the secret access key is not the right one', hint: wrongKeys },
  ExpiredToken: { why: 'the credentials have expired', hint: 'renew them', retry: true },
  RequestTimeTooSkewed: {
    why: "this machine's clock is wrong",
    hint: 'set the clock by NTP; Weir goes on by itself',
    retry: true,
  },
  AuthorizationHeaderMalformed: {
    why: 'the bucket is in another region',
    hint: 'add ?region=… to WEIR_STORE_URL',
  },
  PermanentRedirect: { why: 'the bucket is in another region', hint: 'add ?region=… to WEIR_STORE_URL' },
  EntityTooLarge: {
    why: 'the object is too large',
    hint: 'raise the parallelism, so that each part of the state is smaller',
  },
  QuotaExceeded: { why: 'the quota is used up', hint: 'raise it; Weir goes on by itself', retry: true },
  XMinioStorageFull: { why: 'no space is left', hint: 'free space; Weir goes on by itself', retry: true },
};

/** An answer that is a refusal, as an error that says where, why and what to do. Nothing was changed. */
export function explainRefusal(what: string, url: string, answer: HttpAnswer, code: string): WeirError {
  if (answer.status === 501 || code === 'NotImplemented') {
    return new StoreUnsound(
      url,
      `${what}: the server answers that it does not do conditional writes (${code || 501})`,
    );
  }
  const known = advice[code] ?? byStatus(answer, code);
  const region = answer.headers['x-amz-bucket-region'];
  const where = typeof region === 'string' && known.hint.includes('region=') ? ` (${region})` : '';
  return new StoreUnavailable(`${what} failed: ${known.why}${where} (${describe(answer, code)})`, {
    hint: known.hint,
    disposition: known.retry === true ? 'retry' : 'fatal',
  });
}

function byStatus(answer: HttpAnswer, code: string): Advice {
  const { status } = answer;
  if (status === 301 || status === 307) return advice['PermanentRedirect'] as Advice;
  if (status === 403) return advice['AccessDenied'] as Advice;
  if (status === 507) return advice['XMinioStorageFull'] as Advice;
  if (code === '')
    return { why: 'the answer is not that of an S3 server', hint: 'correct the endpoint in WEIR_STORE_URL' };
  const message = xmlTexts(Buffer.from(answer.body).toString(), 'Message')[0];
  return {
    why: message ?? code,
    hint: 'see what the S3 server says about it',
    retry: status >= 500 || outcomeOf(answer, code) === 'again',
  };
}

function describe(answer: HttpAnswer, code: string): string {
  const id = answer.headers['x-amz-request-id'];
  return `${answer.status}${code === '' ? '' : ` ${code}`}${typeof id === 'string' ? `, request ${id}` : ''}`;
}
