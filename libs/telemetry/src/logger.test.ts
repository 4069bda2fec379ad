import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

test('fault 1.2.9: options that are secrets are hidden, flat and nested, at any depth', () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const log = createLogger({ service: 'worker', destination, secretOptions: ['auth.password', 'tls.key'] });
  const options = { 'auth.password': 'hunter2', 'auth.username': 'me', auth: { password: 'hunter2' } };
  log.info(
    { ...options, tables: [{ name: 'a', options }], tls: { key: 'hunter2', ca: 'public' }, key: 'k1' },
    'made',
  );
  expect(lines[0]).not.toContain('hunter2');
  const hidden = { 'auth.password': '[secret]', 'auth.username': 'me', auth: { password: '[secret]' } };
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    ...hidden,
    tables: [{ name: 'a', options: hidden }],
    tls: { key: '[secret]', ca: 'public' },
    key: 'k1',
    message: 'made',
  });
});
