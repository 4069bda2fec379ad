import type { LedgerEntry } from '@weir/epoch-protocol/ledger-entries.ts';
import { expect } from 'vitest';
import type { TestBroker } from '@weir/connectors/testing/test-broker.ts';

/** The committed transactions are those of the epochs that the ledger decided and didn't abandon, each once. */
export function expectExactlyOnce(entries: readonly LedgerEntry[], broker: TestBroker): void {
  const abandoned = new Set(entries.flatMap((entry) => (entry.kind === 'Abandoned' ? [entry.e] : [])));
  const wanted = entries
    .filter((entry) => entry.kind === 'Epoch')
    .filter((epoch) => !abandoned.has(epoch.e))
    .flatMap((epoch) => epoch.handles.map((handle) => JSON.stringify(handle.handle)));
  const committed = broker.transactions
    .filter((transaction) => transaction.state === 'committed')
    .map((transaction) => JSON.stringify(transaction.handle));
  expect(committed.toSorted()).toEqual(wanted.toSorted());
}
