import { describe, expect, it } from 'vitest';
import { checkStore } from '../check-store.ts';
import { openStore } from '../open-store.ts';
import { StoreOutcomeUnknown, StoreUnavailable } from '../store-errors.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { parseS3Address } from './s3-address.ts';
import type { S3Request } from './s3-client.ts';
import { NoAnswer, type HttpAnswer } from './s3-exchange.ts';
import { S3Store } from './s3-store.ts';
import { parseListing } from './s3-xml.ts';

const location = parseS3Address('s3://bucket/prefix?endpoint=http://127.0.0.1:1', {});
const body = new TextEncoder().encode('x');

function refusal(status: number, code: string, headers: Record<string, string> = {}): HttpAnswer {
  const xml = code === '' ? 'gone' : `<Error><Code>${code}</Code><Message>it says why</Message></Error>`;
  return { status, headers, body: new TextEncoder().encode(xml) };
}

const success: HttpAnswer = { status: 200, headers: { etag: '"1"' }, body };
const reset = new NoAnswer(new Error('connection reset'), true);
const refused = new NoAnswer(new Error('connection refused'), false);
const slowDown = refusal(503, 'SlowDown');
const conflict = refusal(409, 'ConditionalRequestConflict');
const serverError = refusal(500, 'InternalError');
const expired = refusal(400, 'ExpiredToken');

/** A store whose server gives these answers in turn, the last one again and again. */
function scripted(...answers: (HttpAnswer | NoAnswer)[]) {
  const sent: S3Request[] = [];
  let refreshed = 0;
  const sender = {
    send: async (request: S3Request): Promise<HttpAnswer> => {
      sent.push(request);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === undefined || answer instanceof NoAnswer) throw answer ?? new Error('no script');
      return answer;
    },
    refreshCredentials: () => void (refreshed += 1),
    close: () => undefined,
  };
  return { store: new S3Store(location, sender, { attempts: 3 }), sent, refreshed: () => refreshed };
}

describe('a change', () => {
  it.each([
    ['throttled', [slowDown, success], 2],
    ['throttled by status only', [refusal(429, ''), success], 2],
    ['beside another conditional write', [conflict, conflict, success], 3],
    ['without a connection', [refused, success], 2],
    ['with expired credentials', [expired, success], 2],
  ])('%s is sent again', async (_, answers, times) => {
    const { store, sent } = scripted(...answers);
    expect(await store.putIfAbsent('k', body)).toBe('created');
    expect(sent).toHaveLength(times);
    expect(new Set(sent.map(({ headers }) => headers?.['if-none-match']))).toEqual(new Set(['*']));
  });

  it.each([
    ['a broken connection', reset],
    ["a server's failure", serverError],
    ['a gateway that waited too long', refusal(504, '')],
    ['a failure that says nothing', refusal(503, '')],
  ])('after %s is not sent again: its outcome is unknown', async (_, answer) => {
    for (const change of ['put', 'putIfAbsent', 'putIfMatch', 'delete'] as const) {
      const { store, sent } = scripted(answer, success);
      await expect(store[change]('k', body, '"1"')).rejects.toThrow(StoreOutcomeUnknown);
      expect(sent).toHaveLength(1);
    }
  });

  it.each([
    ['throttling', slowDown],
    ['conflicts', conflict],
    ['refused connections', refused],
  ])('that ends in %s is given up with nothing changed', async (_, answer) => {
    const { store, sent } = scripted(answer);
    const failure = store.putIfMatch('k', body, '"1"');
    await expect(failure).rejects.toThrow(StoreUnavailable);
    await expect(failure).rejects.toMatchObject({ disposition: 'retry' });
    expect(sent).toHaveLength(3);
  });

  it('has lost when its condition does not hold', async () => {
    expect(await scripted(refusal(412, 'PreconditionFailed')).store.putIfAbsent('k', body)).toBe('exists');
    for (const answer of [refusal(412, 'PreconditionFailed'), refusal(404, 'NoSuchKey')])
      expect(await scripted(answer).store.putIfMatch('k', body, '"1"')).toBe('mismatch');
  });
});

describe('a read', () => {
  it.each([
    ['a broken connection', reset],
    ["a server's failure", serverError],
    ['throttling', slowDown],
  ])('is repeated after %s', async (_, answer) => {
    const { store, sent } = scripted(answer, answer, success);
    expect(await store.get('k')).toEqual({ bytes: body, etag: '"1"' });
    expect(sent).toHaveLength(3);
    await expect(scripted(answer).store.get('k')).rejects.toMatchObject({ disposition: 'retry' });
  });

  it('asks for new credentials once', async () => {
    const { store, sent, refreshed } = scripted(expired);
    await expect(store.get('k')).rejects.toThrow(/credentials have expired/);
    expect([sent.length, refreshed()]).toEqual([2, 1]);
  });

  it('of a part asks for it, and takes it out of what a server sends that knows no ranges', async () => {
    const whole = { ...success, body: new TextEncoder().encode('0123456789') };
    const part = { ...success, status: 206, body: new TextEncoder().encode('345') };
    const { store, sent } = scripted(slowDown, reset, part);
    expect(await store.getRange('k', 3, 6)).toEqual(part.body);
    expect(sent.map(({ headers }) => headers?.['range'])).toEqual(Array(3).fill('bytes=3-5'));
    expect(await scripted(whole).store.getRange('k', 3, 6)).toEqual(part.body);
    expect(await scripted(refusal(416, 'InvalidRange')).store.getRange('k', 10, 11)).toHaveLength(0);
    expect(await scripted(refusal(404, 'NoSuchKey')).store.getRange('k', 0, 1)).toBeUndefined();
    await expect(scripted(refusal(404, '')).store.getRange('k', 0, 1)).rejects.toThrow(StoreUnavailable);
    await expect(scripted(refusal(403, 'AccessDenied')).store.getRange('k', 0, 1)).rejects.toThrow(
      /permission denied/,
    );
  });

  it('finds nothing only where the server says that there is no such key', async () => {
    expect(await scripted(refusal(404, 'NoSuchKey')).store.get('k')).toBeUndefined();
    await expect(scripted(refusal(404, '')).store.get('k')).rejects.toThrow(/not that of an S3 server/);
  });
});

describe('checkStore says what is wrong', () => {
  it.each([
    [refusal(404, 'NoSuchBucket'), /there is no such bucket/, /create the bucket/, 'fatal'],
    [refusal(403, 'AccessDenied'), /permission denied/, /s3:PutObject.*s3:ListBucket/, 'fatal'],
    [refusal(403, ''), /permission denied/, /s3:ListBucket/, 'fatal'],
    [refusal(403, 'InvalidAccessKeyId'), /does not know this access key/, /AWS_ACCESS_KEY_ID/, 'fatal'],
    [refusal(403, 'SignatureDoesNotMatch'), /secret access key/, /AWS_SECRET_ACCESS_KEY/, 'fatal'],
    [refusal(403, 'RequestTimeTooSkewed'), /clock is wrong/, /NTP/, 'retry'],
    [
      refusal(301, 'PermanentRedirect', { 'x-amz-bucket-region': 'eu-west-1' }),
      /another region \(eu-west-1\)/,
      /region=/,
      'fatal',
    ],
    [refusal(507, 'XMinioStorageFull'), /no space is left/, /free space/, 'retry'],
    [refusal(418, 'Teapot'), /it says why/, /S3 server/, 'fatal'],
  ])('%j', async (answer, message, hint, disposition) => {
    await expect(checkStore(scripted(answer).store, systemPorts().rng)).rejects.toMatchObject({
      code: 'WEIR-5002',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
      disposition,
    });
    await expect(scripted(answer).store.get('k')).rejects.toThrow('s3://bucket/prefix');
  });

  it('a server without conditional writes', async () => {
    const missing = refusal(404, 'NoSuchKey');
    const refusing = scripted(missing, refusal(501, 'NotImplemented')).store;
    await expect(checkStore(refusing, systemPorts().rng)).rejects.toThrow(/does not do conditional writes/);
    const ignoring = scripted(missing, success).store; // reads back 'x', whatever was written
    await expect(checkStore(ignoring, systemPorts().rng)).rejects.toMatchObject({ code: 'WEIR-5003' });
  });
});

describe('addresses', () => {
  it.each([
    ['s3://b', {}, 'https://s3.us-east-1.amazonaws.com', 'us-east-1', false, ''],
    [
      's3://b/a/b/',
      { AWS_REGION: 'eu-west-1' },
      'https://s3.eu-west-1.amazonaws.com',
      'eu-west-1',
      false,
      'a/b',
    ],
    ['s3://b?region=cn-north-1', {}, 'https://s3.cn-north-1.amazonaws.com.cn', 'cn-north-1', false, ''],
    ['s3://my.b', {}, 'https://s3.us-east-1.amazonaws.com', 'us-east-1', true, ''],
    ['s3://b/x%20y?endpoint=http://h:9000', {}, 'http://h:9000', 'us-east-1', true, 'x y'],
    ['s3://b', { AWS_ENDPOINT_URL_S3: 'https://h' }, 'https://h', 'us-east-1', true, ''],
    ['s3://b?endpoint=https://h&path_style=false', {}, 'https://h', 'us-east-1', false, ''],
  ])('%s with %j', (address, environment, endpoint, region, pathStyle, prefix) => {
    const parsed = parseS3Address(address, environment);
    expect(parsed.endpoint.origin).toBe(endpoint);
    expect(parsed).toMatchObject({ bucket: address.split(/[/?]/)[2], region, pathStyle, prefix });
  });

  it.each([
    ['s3:///x', /bucket's name follows/],
    ['s3://b?path_style=yes', /path_style is true or false/],
    ['s3://b?endpoint=localhost:9000', /no endpoint/],
    ['s3://b?endpoint=http://h/path', /no endpoint/],
    ['s3://b?zone=1', /'zone' is no option/],
    ['s3://b/a//b', /empty part/],
  ])('refuses %s', async (address, message) => {
    await expect(openStore(address, 0)).rejects.toThrow(message);
  });

  it('refuses credentials, and does not repeat them', async () => {
    const error: unknown = await openStore('s3://alice:secret@b/x', 0).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'WEIR-5004',
      hint: expect.stringContaining('AWS_PROFILE') as string,
    });
    expect(String(error)).not.toContain('secret');
  });
});

describe('listings', () => {
  const page = (inner: string): string =>
    `<?xml version="1.0"?><ListBucketResult xmlns="x">${inner}</ListBucketResult>`;
  it.each([
    ['<EncodingType>url</EncodingType><Contents><Key>a+b%2Bc/%26</Key></Contents>', ['a b+c/&'], undefined],
    ['<Contents><Key>a+b%20&amp;&#x41;&#66;</Key></Contents>', ['a+b%20&AB'], undefined],
    [
      '<IsTruncated>true</IsTruncated><NextContinuationToken>a&lt;b</NextContinuationToken><Contents><Key>1</Key></Contents><Contents><Key>2</Key></Contents>',
      ['1', '2'],
      'a<b',
    ],
    ['<IsTruncated>false</IsTruncated>', [], undefined],
  ])('%s', (inner, keys, continuation) => {
    const objects = keys.map((name) => ({ name, etag: null }));
    expect(parseListing(page(inner))).toEqual({ objects, continuation });
  });

  it('each object has its own etag; one that has none in the listing takes none of its neighbour', () => {
    const inner =
      '<Contents><Key>1</Key><Size>7</Size></Contents><Contents><ETag>&quot;e&quot;</ETag><Key>2</Key></Contents>';
    expect(parseListing(page(inner))?.objects).toEqual([
      { name: '1', etag: null },
      { name: '2', etag: '"e"' },
    ]);
  });

  it('something else is no empty listing', () => {
    expect(parseListing('<html></html>')).toBeUndefined();
  });
});
