import { decodeEntry } from '@weir/epoch-protocol/ledger-codec.ts';
import type { LedgerEntry } from '@weir/epoch-protocol/ledger-entries.ts';
import type { StoreChange } from '../simulator/sim-store.ts';

const ledgerPattern = /\/ledger\/(\d{16})\.json$/;

/** Every ledger entry that was ever written, trimmed ones too. */
export class ClusterHistory {
  readonly entries = new Map<number, LedgerEntry>();
  /** Entries put into a place that had been trimmed away: they must count for nothing. */
  ghosts = 0;

  /** @returns the entry that this change wrote, if it is one */
  note({ key, bytes }: StoreChange): LedgerEntry | undefined {
    const match = ledgerPattern.exec(key);
    if (match === null) return undefined;
    const position = Number(match[1]);
    const entry = decodeEntry(bytes, key);
    if (this.entries.has(position)) this.ghosts += 1;
    else this.entries.set(position, entry);
    return entry;
  }

  inOrder(): LedgerEntry[] {
    return [...this.entries].toSorted(([a], [b]) => a - b).map(([, entry]) => entry);
  }
}
