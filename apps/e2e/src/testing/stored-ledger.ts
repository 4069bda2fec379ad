import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { E2eCluster } from './e2e-cluster.ts';

/** An entry of a pipeline's ledger, as far as tests look at it. */
export interface StoredEntry {
  readonly kind: string;
  readonly g: number;
  readonly e?: number;
}

/** The entries of a pipeline's ledger that are in the store's folder, oldest first. */
export function storedLedger(e2e: E2eCluster, pipeline: string): StoredEntry[] {
  const store = join(e2e.folder, 'store');
  return readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes(`/pipelines/${pipeline}/`) && /\/ledger\/\d+[^/]*$/.test(path))
    .toSorted()
    .map((path) => JSON.parse(readFileSync(join(store, path), 'utf8')) as StoredEntry);
}
