import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../object-store.ts';
import { InvalidStoreName } from '../store-errors.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (object: { bytes: Uint8Array } | undefined): string | undefined =>
  object && new TextDecoder().decode(object.bytes);

async function versionsOf(store: ObjectStore, prefix: string): Promise<Record<string, string | null>> {
  const versions: Record<string, string | null> = {};
  for await (const { key, version } of store.listVersions(prefix)) versions[key] = version;
  return versions;
}

async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys.toSorted();
}

/** The promises of the port, run over every implementation. `open` gives an empty store each time. */
export function describeObjectStore(name: string, open: () => Promise<ObjectStore>): void {
  describe(`object store contract: ${name}`, () => {
    let store: ObjectStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    itHoldsObjects(() => store);
    itListsVersions(() => store);
    itChangesObjectsConditionally(() => store);
    itKeepsKeysApart(() => store);
    itHasOneWinner(() => store);
  });
}

function itHoldsObjects(current: () => ObjectStore): void {
  it('reads what was put, and the last put wins', async () => {
    const store = current();
    expect(await store.get('a/b')).toBeUndefined();
    await store.put('a/b', bytes('one'));
    expect(text(await store.get('a/b'))).toBe('one');
    for (let round = 0; round < 10; round += 1) await store.put('a/b', bytes(`round ${round}`));
    expect(text(await store.get('a/b'))).toBe('round 9');
    expect(await keysOf(store, 'a/')).toEqual(['a/b']);
  });

  it('holds empty objects and any bytes', async () => {
    const store = current();
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    await store.put('all', all);
    await store.put('none', new Uint8Array());
    expect((await store.get('all'))?.bytes.length).toBe(256);
    expect([...((await store.get('all'))?.bytes ?? [])]).toEqual([...all]);
    expect((await store.get('none'))?.bytes.length).toBe(0);
  });

  it('reads a part of an object: fewer bytes at its end, none behind it, nothing where there is none', async () => {
    const store = current();
    await store.put('a/b', bytes('0123456789'));
    const part = async (start: number, end: number): Promise<string | undefined> => {
      const found = await store.getRange('a/b', start, end);
      return found && new TextDecoder().decode(found);
    };
    expect(await part(0, 10)).toBe('0123456789');
    expect(await part(3, 6)).toBe('345');
    expect(await part(9, 10)).toBe('9');
    expect(await part(8, 1_000_000)).toBe('89');
    expect(await part(10, 11)).toBe('');
    expect(await part(500, 600)).toBe('');
    expect(await store.getRange('a/c', 0, 1)).toBeUndefined();
    await store.put('none', new Uint8Array());
    expect((await store.getRange('none', 0, 5))?.length).toBe(0);
    await store.put('a/b', bytes('abc'));
    expect(await part(1, 10)).toBe('bc');
    await store.delete('a/b');
    expect(await part(0, 1)).toBeUndefined();
  });

  it.each([
    [2, 2],
    [3, 2],
    [-1, 2],
    [0.5, 2],
    [0, NaN],
  ])('refuses the range %d to %d', async (start, end) => {
    const store = current();
    await store.put('k', bytes('xyz'));
    await expect(store.getRange('k', start, end)).rejects.toThrow(InvalidStoreName);
  });

  it('lists by prefix, which need not end at a slash', async () => {
    const store = current();
    for (const key of ['a/1', 'a/10', 'a/b/2', 'ab', 'c']) await store.put(key, bytes(key));
    expect(await keysOf(store, '')).toEqual(['a/1', 'a/10', 'a/b/2', 'ab', 'c']);
    expect(await keysOf(store, 'a')).toEqual(['a/1', 'a/10', 'a/b/2', 'ab']);
    expect(await keysOf(store, 'a/')).toEqual(['a/1', 'a/10', 'a/b/2']);
    expect(await keysOf(store, 'a/1')).toEqual(['a/1', 'a/10']);
    expect(await keysOf(store, 'nothing/here')).toEqual([]);
  });
}

function itListsVersions(current: () => ObjectStore): void {
  it('lists with each key a version, which is another one exactly when the object has changed', async () => {
    const store = current();
    for (const key of ['a/1', 'a/2', 'b']) await store.put(key, bytes(key));
    const first = await versionsOf(store, 'a/');
    expect(Object.keys(first).toSorted()).toEqual(['a/1', 'a/2']);
    expect(await versionsOf(store, 'a/')).toEqual(first);
    await store.put('a/2', bytes('changed'));
    const second = await versionsOf(store, 'a/');
    expect(second['a/1']).toBe(first['a/1']);
    expect(second['a/2']).not.toBe(first['a/2']);
    await store.delete('a/1');
    expect(Object.keys(await versionsOf(store, 'a/'))).toEqual(['a/2']);
    // Every store that Weir has tells it; a version of null would make each listing read all.
    expect(Object.values(second)).not.toContain(null);
  });
}

function itChangesObjectsConditionally(current: () => ObjectStore): void {
  it('creates an object once', async () => {
    const store = current();
    expect(await store.putIfAbsent('k', bytes('first'))).toBe('created');
    expect(await store.putIfAbsent('k', bytes('second'))).toBe('exists');
    expect(text(await store.get('k'))).toBe('first');
    await store.delete('k');
    expect(await store.putIfAbsent('k', bytes('third'))).toBe('created');
    expect(text(await store.get('k'))).toBe('third');
  });

  it('replaces an object only with its present etag', async () => {
    const store = current();
    const created = await store.putIfMatch('k', bytes('1'), null);
    if (created === 'mismatch') throw new Error('the object was not created');
    expect(await store.putIfMatch('k', bytes('x'), null)).toBe('mismatch');
    expect((await store.get('k'))?.etag).toBe(created.etag);
    const second = await store.putIfMatch('k', bytes('2'), created.etag);
    if (second === 'mismatch') throw new Error('the right etag was refused');
    expect(await store.putIfMatch('k', bytes('x'), created.etag)).toBe('mismatch');
    expect(await store.putIfMatch('other', bytes('x'), second.etag)).toBe('mismatch');
    expect(text(await store.get('k'))).toBe('2');
    expect(await store.putIfAbsent('k', bytes('x'))).toBe('exists');
  });

  it('a deleted object is gone, whatever it went through, and its etags match nothing', async () => {
    const store = current();
    await store.put('k', bytes('1'));
    await store.put('k', bytes('2'));
    const before = await store.get('k');
    await store.delete('k');
    expect(await store.get('k')).toBeUndefined();
    expect(await keysOf(store, '')).toEqual([]);
    expect(await store.putIfMatch('k', bytes('x'), before?.etag ?? '')).toBe('mismatch');
    await store.delete('k');
    await store.put('k', bytes('1'));
    expect(text(await store.get('k'))).toBe('1');
    expect(await store.putIfMatch('k', bytes('x'), before?.etag ?? '')).toBe('mismatch');
  });
}

function itKeepsKeysApart(current: () => ObjectStore): void {
  it.each([
    '../escape',
    '.',
    'a/../b',
    '.hidden',
    'ünï cödé',
    'a@v/b',
    'x@v',
    '%2E',
    'a\\b',
    'COM1:',
    "it's (fine)*",
    'a\nb',
  ])('keeps the key %j to itself', async (key) => {
    const store = current();
    await store.put(key, bytes(key));
    await store.put(key, bytes(`${key}!`));
    expect(text(await store.get(key))).toBe(`${key}!`);
    expect(await keysOf(store, '')).toEqual([key]);
  });

  it.each(['', '/a', 'a/', 'a//b', 'x'.repeat(300)])('refuses the key %j', async (key) => {
    const store = current();
    await expect(store.put(key, bytes('x'))).rejects.toThrow(InvalidStoreName);
  });
}

function itHasOneWinner(current: () => ObjectStore): void {
  it('of concurrent creations exactly one wins', async () => {
    const store = current();
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.putIfAbsent(`k${round}`, bytes(`${index}`))),
      );
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
      expect(text(await store.get(`k${round}`))).toBe(String(outcomes.indexOf('created')));
    }
  });

  it('of concurrent replacements with one etag exactly one wins', async () => {
    const store = current();
    let { etag } = await store.put('k', bytes('start'));
    for (let round = 0; round < 10; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.putIfMatch('k', bytes(`${round}.${index}`), etag)),
      );
      const winner = outcomes.findIndex((outcome) => outcome !== 'mismatch');
      expect(outcomes.filter((outcome) => outcome !== 'mismatch')).toHaveLength(1);
      const now = await store.get('k');
      expect(text(now)).toBe(`${round}.${winner}`);
      etag = now?.etag ?? '';
    }
  });
}
