import { describe, expect, test } from 'vitest';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { SecretKeys } from './secret-keys.ts';
import { SecretVault } from './secret-vault.ts';

const key = Buffer.alloc(32, 1).toString('base64');
const other = Buffer.alloc(32, 2).toString('hex');

async function everythingIn(store: MemoryStore): Promise<string> {
  let all = '';
  for await (const name of store.list('')) all += new TextDecoder().decode((await store.get(name))?.bytes);
  return all;
}

describe('C1: secrets in the store', () => {
  test('sealed: not in the store, and read by whoever has the key', async () => {
    const store = new MemoryStore();
    const id = await new SecretVault(store, 'c', new SecretKeys(key)).keep('owner', 'hunter2 €');
    expect(await everythingIn(store)).not.toContain('hunter2');
    await expect(new SecretVault(store, 'c', new SecretKeys(`${other},${key}`)).read(id)).resolves.toBe(
      'hunter2 €',
    );
    await expect(new SecretVault(store, 'c', new SecretKeys(other)).read(id)).rejects.toThrow(
      /^a stored secret was sealed with the key [0-9a-f]{8}, which this process doesn't have$/,
    );
  });

  test('one that was changed, or put in the place of another, does not open', async () => {
    const store = new MemoryStore();
    const vault = new SecretVault(store, 'c', new SecretKeys(key));
    const [mine, yours] = [await vault.keep('a', 'mine'), await vault.keep('a', 'yours')];
    const fileOf = (id: string): string => `clusters/c/secrets/${id.replace('.', '/')}.json`;
    const stolen = JSON.parse(new TextDecoder().decode((await store.get(fileOf(yours)))?.bytes)) as object;
    await store.put(fileOf(mine), new TextEncoder().encode(JSON.stringify({ ...stolen, id: mine })));
    await expect(vault.read(mine)).rejects.toMatchObject({ code: 'WEIR-3602' });
  });

  test('without a key they are kept as they are', async () => {
    const vault = new SecretVault(new MemoryStore(), 'c', new SecretKeys());
    await expect(vault.read(await vault.keep('a', 'x'))).resolves.toBe('x');
  });

  test('all of an owner go with it, those of others stay', async () => {
    const store = new MemoryStore();
    const vault = new SecretVault(store, 'c', new SecretKeys());
    const gone = [await vault.keep('a', '1'), await vault.keep('a', '2')];
    const kept = await vault.keep('ab', '3');
    await vault.forgetOwner('a');
    for (const id of gone) await expect(vault.read(id)).rejects.toMatchObject({ code: 'WEIR-3601' });
    await expect(vault.read(kept)).resolves.toBe('3');
  });

  test.each(['short', 'x'.repeat(44), `${other}00`])('WEIR_SECRET_KEY = %s is refused', (text) => {
    expect(() => new SecretKeys(text)).toThrow('WEIR_SECRET_KEY is no key of 32 bytes');
  });

  test('a damaged record is told without what it holds', async () => {
    const store = new MemoryStore();
    const vault = new SecretVault(store, 'c', new SecretKeys());
    const id = await vault.keep('a', 'x');
    const file = `clusters/c/secrets/${id.replace('.', '/')}.json`;
    await store.put(file, new TextEncoder().encode('{"formatVersion":1,"value":"hunter2"}'));
    const error = await vault.read(id).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'WEIR-3603' });
    expect(String(error)).not.toContain('hunter2');
  });
});
