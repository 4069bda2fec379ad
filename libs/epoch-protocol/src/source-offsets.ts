import type { SourceOffsets } from './ledger-entries.ts';

/** Unites the shares of a source's subtasks: one entry per (operator, topic), with the positions of all partitions. */
export function uniteOffsets(shares: readonly SourceOffsets[]): SourceOffsets[] {
  const united = new Map<string, SourceOffsets>();
  for (const share of shares) {
    const key = JSON.stringify([share.operator, share.topic, share.topicId]);
    const before = united.get(key);
    united.set(
      key,
      before ? { ...before, partitions: { ...before.partitions, ...share.partitions } } : share,
    );
  }
  return [...united.values()];
}
