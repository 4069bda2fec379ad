import { expect, test } from 'vitest';
import { natsAccess } from './nats-access.ts';

test.each([
  ['nats://127.0.0.1:4222', {}, 'nats://127.0.0.1:4222'],
  ['a:4222, nats://b:4223', {}, 'nats://a:4222,nats://b:4223'],
  ['tls://[fd00::1]:4222', {}, 'tls://[fd00::1]:4222'],
  ['nats://alice:s%3Acret%40@host:4222', { user: 'alice', pass: 's:cret@' }, 'nats://host:4222'],
  ['nats://s3cret@host:4222', { token: 's3cret' }, 'nats://host:4222'],
  // Credentials count wherever they stand: one set serves all servers of a cluster.
  [
    'nats://a:4222,nats://alice:s3cret@b:4222',
    { user: 'alice', pass: 's3cret' },
    'nats://a:4222,nats://b:4222',
  ],
])('%s', (url, options, shown) => {
  const access = natsAccess({ url });
  expect(access.options).toEqual(options);
  expect(access.shown).toBe(shown);
  expect(access.servers.join(',')).toBe(shown);
});

test('user and password from settings win over the URL', () => {
  const access = natsAccess({ url: 'nats://bob:old@host:4222', user: 'alice', password: 's3cret' });
  expect(access).toEqual({
    servers: ['nats://host:4222'],
    shown: 'nats://host:4222',
    options: { user: 'alice', pass: 's3cret' },
  });
  expect(natsAccess({ url: 'nats://host:4222', user: 'alice' }).options).toEqual({ user: 'alice' });
});

test.each([
  ['nats://alice:s3cret@', undefined],
  ['nats://alice:s3cret/x@host name:4222', undefined],
  ['nats://alice:s3cret%zz@host:4222', undefined],
  ['', undefined],
  ['nats://host:4222', 's3cret'],
])('%s with a password %s is refused, and the password not shown', (url, password) => {
  let refused: unknown;
  try {
    natsAccess({ url, password });
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code: 'WEIR-6009' });
  expect(`${String(refused)} ${JSON.stringify(refused)}`).not.toContain('s3cret');
});
