import { fileURLToPath } from 'node:url';
import { FolderStore } from './folder-store.ts';
import { MemoryStore } from './memory-store.ts';
import type { ObjectStore } from './object-store.ts';
import { InvalidStoreName } from './store-errors.ts';

/**
 * The store at an address: `file:///absolute/folder`, `s3://bucket/prefix?endpoint=…&region=…&path_style=…` (s3/s3-address.ts), or
 * `memory://` for one process. Call `checkStore` before relying on it.
 * @param nowMs wall time, for removing what killed processes have left
 * @throws InvalidStoreName for an address that no store understands
 */
export async function openStore(address: string, nowMs: number): Promise<ObjectStore> {
  const url = parse(address);
  switch (url.protocol) {
    case 'file:':
      return openFolder(url, address, nowMs);
    case 'memory:':
      return new MemoryStore(address);
    case 's3:':
      return openS3(address);
    default:
      throw new InvalidStoreName(
        `${address}: no store speaks '${url.protocol}'`,
        'write file:///absolute/path or s3://bucket/prefix',
      );
  }
}

/** Loaded only here: nobody else pays for it in memory. */
async function openS3(address: string): Promise<ObjectStore> {
  const { S3Store } = await import('./s3/s3-store.ts');
  return S3Store.open(address, process.env);
}

async function openFolder(url: URL, address: string, nowMs: number): Promise<ObjectStore> {
  if (url.host !== '' && url.host !== 'localhost') {
    throw new InvalidStoreName(
      `${address}: a folder's address has three slashes`,
      `write file:///${url.host}${url.pathname}`,
    );
  }
  const root = fileURLToPath(url);
  const store = new FolderStore(root.length > 1 && root.endsWith('/') ? root.slice(0, -1) : root);
  await store.removeAbandoned(nowMs).catch(() => undefined); // checkStore tells what is wrong with a folder
  return store;
}

function parse(address: string): URL {
  try {
    return new URL(address);
  } catch {
    throw new InvalidStoreName(
      `'${address}' is no address of a store`,
      'write file:///absolute/path or s3://bucket/prefix',
    );
  }
}
