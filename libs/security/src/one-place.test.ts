import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Tests below libs/security in the layers, and of a client that shares no code with Weir. */
const allowed = /^(libs\/wire\/src\/[\w-]+|apps\/e2e\/src\/plain-grpc\.e2e)\.test\.ts$/;

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What makes credentials, or connects without asking for any. */
const makers =
  /\bcreateInsecure\b|\bcreateSsl\b|\bcreateFromSecureContext\b|\bcreateFromGoogleCredential\b|\bcredsAuthenticator\b|\bnkeyAuthenticator\b|\bjwtAuthenticator\b|\busernamePasswordAuthenticator\b|\btokenAuthenticator\b/;

function sources(): string[] {
  return ['libs', 'apps', 'tools'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => /\.(ts|mjs)$/.test(name) && !name.includes('node_modules') && !/(^|\/)gen\//.test(name),
      )
      .map((name) => `${top}/${name}`),
  );
}

test('no other place than libs/security makes credentials of gRPC or NATS', () => {
  const files = sources();
  const offenders = files.filter(
    (file) =>
      !file.startsWith('libs/security/') &&
      !allowed.test(file) &&
      makers.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(offenders).toEqual([]);
  expect(makers.test(readFileSync(join(root, 'libs/security/src/secure-transport.ts'), 'utf8'))).toBe(true);
});

test('nats is connected to in one place, with what libs/security gives', () => {
  const product = sources().filter((file) => !file.endsWith('.test.ts'));
  const connecting = product.filter((file) =>
    /import \{[^}]*\bconnect\b[^}]*\} from 'nats'/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(connecting).toEqual(['libs/control-bus/src/nats-bus.ts']);
});
