import { expect, test } from 'vitest';
import { combineCrc32c, crc32c } from './crc32c.ts';

test('the check value of CRC-32C', () => {
  expect(crc32c(Buffer.from('-123456789-'), 1, 10)).toBe(0xe3069283);
});

test.each([0, 1, 3, 40, 61, 4096, 983_040, 16_777_217])(
  'the CRC of two parts follows from those of each, the second of %i bytes',
  (length) => {
    const bytes = Buffer.alloc(40 + length, 1);
    for (let at = 0; at < bytes.length; at += 997) bytes[at] = (at * 31) & 0xff;
    const combined = combineCrc32c(crc32c(bytes, 0, 40), crc32c(bytes, 40, bytes.length), length);
    expect(combined).toBe(crc32c(bytes, 0, bytes.length));
  },
);
