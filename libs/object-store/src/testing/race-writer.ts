import { openStore } from '../open-store.ts';
import { StoreOutcomeUnknown } from '../store-errors.ts';

/*
 * A process that races with others on one store (run by folder-store.race.test.ts): first it creates as many of `keys/<n>` as it can get,
 * then it adds 1 to the object `counter` by put-if-match, `increments` times. A line on stdout for each success.
 */
const [url = '', name = '', keys = '0', increments = '0'] = process.argv.slice(2);
const store = await openStore(url, Date.now());
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

for (let key = 0; key < Number(keys); key += 1) {
  if ((await store.putIfAbsent(`keys/${key}`, encode(name))) === 'created')
    process.stdout.write(`created ${key}\n`);
}
for (let done = 0; done < Number(increments);) {
  const before = await store.get('counter');
  const value = before === undefined ? 0 : Number(new TextDecoder().decode(before.bytes));
  try {
    const outcome = await store.putIfMatch('counter', encode(String(value + 1)), before?.etag ?? null);
    if (outcome === 'mismatch') continue;
    process.stdout.write(`added\n`);
  } catch (error) {
    if (!(error instanceof StoreOutcomeUnknown)) throw error;
    process.stdout.write(`unknown\n`);
  }
  done += 1;
}
