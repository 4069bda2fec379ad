import { expect, test } from 'vitest';
import { advertisedAddress, formatHostPort, isLoopback, parseHostPort } from './host-port.ts';

test.each([
  ['127.0.0.1:7070', '127.0.0.1', 7070],
  ['worker-1.weir.svc:0', 'worker-1.weir.svc', 0],
  ['[::1]:7070', '::1', 7070],
  ['[fe80::1%eth0]:65535', 'fe80::1%eth0', 65_535],
  [':7070', '', 7070],
])('%s is read', (text, host, port) => {
  expect(parseHostPort(text)).toEqual({ host, port });
  if (host !== '') expect(formatHostPort(host, port)).toBe(text);
});

test.each([
  '',
  'host',
  '::1:7070',
  '::1',
  '[::1]',
  'host:65536',
  'host:-1',
  'a b:1',
  '[host]:1',
  'host:7070:1',
])("'%s' is no host and port", (text) => expect(parseHostPort(text)).toBe(undefined));

test('which hosts are this machine only', () => {
  for (const host of ['localhost', '127.0.0.1', '127.8.0.1', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])
    expect([host, isLoopback(host)]).toEqual([host, true]);
  for (const host of ['', '0.0.0.0', '::', '10.0.0.1', 'example.org', 'fe80::1', '1270.0.0.1', '::127'])
    expect([host, isLoopback(host)]).toEqual([host, false]);
});

test.each([
  [undefined, '127.0.0.1', '127.0.0.1:7072'],
  ['', '::1', '[::1]:7072'],
  [undefined, '::', 'machine:7072'],
  [undefined, '0.0.0.0', 'machine:7072'],
  [undefined, '', 'machine:7072'],
  [undefined, '0:0:0:0:0:0:0:0', 'machine:7072'],
  [undefined, 'fe80::1', '[fe80::1]:7072'],
  ['10.1.2.3', '0.0.0.0', '10.1.2.3:7072'],
  ['worker-1', '::', 'worker-1:7072'],
  ['worker-1:443', '::', 'worker-1:443'],
  ['fd00::12', '::', '[fd00::12]:7072'],
  ['[fd00::12]', '::', '[fd00::12]:7072'],
  ['[fd00::12]:443', '::', '[fd00::12]:443'],
  // The last group of a bare address is no port.
  ['fd00::7072', '::', '[fd00::7072]:7072'],
])('fault 1.2.10: advertise %s beside a server on %s is %s', (wish, host, address) => {
  expect(advertisedAddress(wish, { host, port: 7072 }, 'machine')).toBe(address);
});

test.each(['a b', ':7072', '[fd00::12', 'host:99999', 'host:port', '[host]'])(
  "advertise '%s' is refused",
  (wish) => {
    expect(() => advertisedAddress(wish, { host: '::', port: 7072 }, 'machine')).toThrow(RangeError);
  },
);
