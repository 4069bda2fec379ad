import type { EpochBody, GenerationBody, LedgerEntryBody, PlacedBody } from '../ledger-entries.ts';
import { foldEntries } from '../ledger-fold.ts';
import { emptyLedger, type LedgerState } from '../ledger-state.ts';
import type { SubtaskHandle } from '../sink-handle.ts';

/** Short entries for tests: one stage `s` with subtasks 0 and 1, one Kafka sink `out`. */

export function generation(g: number): GenerationBody {
  const sinks = [{ operator: 'out', kind: 'kafka', parallelism: 2, kafkaClusterId: 'k1' }] as const;
  return { kind: 'Generation', g, plan: {}, parallelism: 2, sinks };
}

export function placed(g: number, ...incarnations: string[]): PlacedBody {
  return {
    kind: 'Placed',
    g,
    subtasks: incarnations.map((incarnation, index) => ({ stage: 's', index, incarnation })),
  };
}

export function epoch(
  g: number,
  e: number,
  parent: number | null = e - 1,
  handles: readonly SubtaskHandle[] = [],
): EpochBody {
  return { kind: 'Epoch', g, e, parent, snapshots: [], handles, committedThrough: parent ?? 0 };
}

/** Start number `start` goes back to epoch `from`: epoch `e` of generation `g`. */
export function goingBack(g: number, e: number, from: number, start: number, parent = e - 1): EpochBody {
  return { ...epoch(g, e, parent), restored: { from, start, outputEpoch: parent } };
}

export const epoch0: EpochBody = epoch(0, 0, null);
export const committed = (g: number, e: number): LedgerEntryBody => ({ kind: 'Committed', g, e });
export const abandoned = (g: number, e: number): LedgerEntryBody => ({ kind: 'Abandoned', g, e });
export const torn = (g: number, e: number): LedgerEntryBody => ({
  kind: 'Torn',
  g,
  e,
  committed: [],
  aborted: [],
  unknown: [],
});

export function kafkaHandle(subtask: number, e = 1): SubtaskHandle {
  const handle = {
    kind: 'kafka',
    transactionalId: `weir.c.p.id.1.out.${subtask}.${e % 3}`,
    producerId: '4000',
    producerEpoch: 7,
    firstOffsets: { 'topic/0': '17' },
    openedAtMs: 0,
    timeoutMs: 60_000,
  } as const;
  return { operator: 'out', stage: 's', subtask, handle };
}

export const emptyHandle = (subtask: number): SubtaskHandle => ({
  operator: 'out',
  stage: 's',
  subtask,
  handle: { kind: 'empty' },
});

export function ledger(...entries: LedgerEntryBody[]): LedgerState {
  return foldEntries(emptyLedger, entries);
}

/** Epoch 0, generation 1 on workers a and b. */
export const running: readonly LedgerEntryBody[] = [epoch0, generation(1), placed(1, 'a', 'b')];
