import { WeirError } from '@weir/kernel/errors.ts';

/**
 * A registry answered, and refused. `status` is HTTP's, `registryCode` the registry's own (`error_code`), 0 where it gave none.
 * Codes: WEIR-3502 credentials, 3503 not there, 3504 incompatible, 3505 the schema or request is invalid, 3507 read-only, 3508 anything else.
 */
export class RegistryRefusal extends WeirError {
  readonly status: number;
  readonly registryCode: number;

  constructor(
    code: WeirError['code'],
    message: string,
    answer: { status: number; registryCode: number },
    options: ConstructorParameters<typeof WeirError>[2] = {},
  ) {
    super(code, message, options);
    this.status = answer.status;
    this.registryCode = answer.registryCode;
  }
}

/** What a call that was refused wanted, for messages: "register a schema under subject 'orders-value'". */
export type Wish = string;

/** Longer texts of a registry are cut: a Java stack trace is nothing for a person. */
const maxDetail = 600;

/** The error for an answer that is no success. `body` is the parsed JSON, or null where it was none. */
export function refusalOf(status: number, body: unknown, wish: Wish, registry: string): RegistryRefusal {
  const registryCode = numberIn(body, 'error_code');
  const detail = textIn(body, 'message').slice(0, maxDetail);
  const answer = { status, registryCode };
  const said = detail === '' ? `it answered HTTP ${status}` : `it says: ${detail}`;
  const problem = `registry ${registry} refused to ${wish}: ${said}`;
  const refuse = (code: WeirError['code'], hint: string, disposition: 'fatal' | 'retry' = 'fatal') =>
    new RegistryRefusal(code, problem, answer, { hint, disposition });

  if (status === 401) {
    return refuse(
      'WEIR-3502',
      "check 'schema_registry.api_key' and 'schema_registry.api_secret' (or 'schema_registry.bearer_token')",
    );
  }
  if (status === 403) {
    return refuse(
      'WEIR-3502',
      'the credentials are known, but may not do this: ask for the right on this subject',
    );
  }
  if (status === 404) return refuse('WEIR-3503', notFoundHint(registryCode));
  if (status === 409) {
    return refuse(
      'WEIR-3504',
      'change the columns so that old readers or writers still work, or lower the compatibility level of the subject',
    );
  }
  if (registryCode === 42205)
    return refuse('WEIR-3507', 'the subject or the registry is in mode READONLY: set it to READWRITE');
  if (registryCode === 42209) return refuse('WEIR-3505', 'the schema is larger than this registry takes');
  if (status === 422 || status === 400)
    return refuse('WEIR-3505', 'the registry can not read the schema or the request');
  if (isPassing(status))
    return refuse('WEIR-3501', 'the registry is in trouble; the call can be repeated', 'retry');
  return refuse(
    'WEIR-3508',
    'this is no answer that a schema registry gives to such a call: check the address',
  );
}

/** Answers that may be another in a moment (R8): nothing else is repeated. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function notFoundHint(registryCode: number): string {
  switch (registryCode) {
    case 40401:
      return 'there is no such subject: check its name, or write to the topic first';
    case 40402:
      return 'the subject has no such version';
    case 40403:
      return 'there is no such schema: it may have been deleted, or the message comes from another registry';
    case 0:
      return "nothing is there: the path in 'schema_registry.endpoint' may be wrong";
    default:
      return 'it is not in this registry';
  }
}

function textIn(body: unknown, name: string): string {
  const value =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
}

function numberIn(body: unknown, name: string): number {
  const value =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === 'number' && Number.isInteger(value) ? value : 0;
}
