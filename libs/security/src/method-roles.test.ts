import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { methodRoles } from './method-roles.ts';

const proto = fileURLToPath(new URL('../../../proto/', import.meta.url));

/** `package.Service/Method` of every rpc in every .proto file. */
function declaredMethods(): string[] {
  const files = readdirSync(proto, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.proto'),
  );
  return files.flatMap((file) => {
    const text = readFileSync(`${proto}${file}`, 'utf8').replaceAll(/\/\/.*$/gm, '');
    const name = /^package ([\w.]+);/m.exec(text)?.[1] ?? '';
    return text
      .split(/^service /m)
      .slice(1)
      .flatMap((service) =>
        [...service.matchAll(/\brpc (\w+)/g)].map(
          ([, method]) => `${name}.${/^\w+/.exec(service)?.[0]}/${method}`,
        ),
      );
  });
}

test('every method of every .proto is in the table with its role, and no other', () => {
  const declared = declaredMethods();
  expect(declared.length).toBeGreaterThan(20);
  const ours = Object.keys(methodRoles).filter((method) => method.startsWith('weir.'));
  expect(ours.toSorted()).toEqual(declared.toSorted());
  for (const [method, roles] of Object.entries(methodRoles))
    expect([method, roles.length > 0]).toEqual([method, true]);
});

test('only processes of the cluster may call what is internal', () => {
  for (const [method, roles] of Object.entries(methodRoles)) {
    if (!method.startsWith('weir.internal.')) continue;
    expect(roles.every((role) => role === 'controller' || role === 'worker')).toBe(true);
  }
});
