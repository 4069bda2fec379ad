import { unreachable } from '@weir/kernel/assert.ts';
import type {
  EpochBody,
  GenerationBody,
  LedgerEntryBody,
  PlacedBody,
  ResolvedBody,
  Restored,
  StoppedBody,
  TornBody,
} from './ledger-entries.ts';
import { nameEntry } from './ledger-entries.ts';
import {
  baseOf,
  findEpoch,
  generationNumber,
  superseded,
  unresolvedTorn,
  type EpochRecord,
  type EpochStatus,
  type GenerationRecord,
  type LedgerState,
} from './ledger-state.ts';
import { IllegalLedgerEntry } from './protocol-errors.ts';
import { allRules, type ProtocolRules } from './protocol-rules.ts';

/*
 * Folding is the only way from entries to what they mean. Every entry was appended at the position that its writer had read
 * up to, so an entry which the state before it doesn't allow is a defect or damage: it stops the reader.
 *
 * Invariants of a ledger
 * L1  Generations count up by one; an entry of a running pipeline (Placed, Epoch, Stopped) is of the current generation.
 * L2  An epoch's number is above all before it; its parent is the base.
 * L3  An epoch says that its parent is committed; what a verdict has abandoned or torn is never a parent.
 * L4  A verdict (Committed, Abandoned, Torn) is on the last epoch that isn't abandoned, while it is decided and has none.
 * L5  Abandoned and Torn are recovery's: they come after the next Generation.
 * L6  Tasks are placed only from a base that is recorded committed, once in a generation.
 * L7  After Torn nothing but Resolved or a Generation follows, and Resolved only after Torn.
 * L8  Stopped follows a base that is recorded committed; only a Generation follows it.
 * L9  An epoch that goes back to an older one comes before its generation is placed, after a base that is recorded committed, once for a
 *     start. No transaction belongs to it, so it is committed as soon as it is there. That the older one is known isn't asked for:
 *     whoever reads on from a trim record need not know it any more.
 */

/** Lists that grow are shared by the entries of one fold and copied once. */
interface Draft {
  nextPosition: number;
  readonly generations: GenerationRecord[];
  readonly epochs: EpochRecord[];
  highestEpoch: number;
  restoredStart: number;
  torn: LedgerState['torn'];
  stopped: LedgerState['stopped'];
  readonly formatVersion: 1;
}

/** The state after one more entry, at `state.nextPosition`. @throws IllegalLedgerEntry */
export function foldEntry(
  state: LedgerState,
  entry: LedgerEntryBody,
  rules: ProtocolRules = allRules,
): LedgerState {
  return foldEntries(state, [entry], rules);
}

/** The state after these entries, the first of which is at `state.nextPosition`. @throws IllegalLedgerEntry */
export function foldEntries(
  state: LedgerState,
  entries: Iterable<LedgerEntryBody>,
  rules: ProtocolRules = allRules,
): LedgerState {
  const draft: Draft = { ...state, generations: [...state.generations], epochs: [...state.epochs] };
  for (const entry of entries) {
    apply(draft, entry, rules);
    draft.nextPosition += 1;
  }
  return draft;
}

/** Why the ledger doesn't allow this entry next; null when it does. For appenders, before they put. */
export function refusalOf(
  state: LedgerState,
  entry: LedgerEntryBody,
  rules: ProtocolRules = allRules,
): string | null {
  try {
    foldEntry(state, entry, rules);
    return null;
  } catch (error) {
    if (error instanceof IllegalLedgerEntry) return error.message;
    throw error;
  }
}

function apply(draft: Draft, entry: LedgerEntryBody, rules: ProtocolRules): void {
  demand(
    unresolvedTorn(draft) === null || entry.kind === 'Resolved' || entry.kind === 'Generation',
    entry,
    'L7, an epoch is torn',
  );
  demand(draft.stopped === null || entry.kind === 'Generation', entry, 'L8, the pipeline is stopped');
  switch (entry.kind) {
    case 'Generation':
      return applyGeneration(draft, entry);
    case 'Placed':
      return applyPlaced(draft, entry, rules);
    case 'Epoch':
      return applyEpoch(draft, entry, rules);
    case 'Committed':
      return applyVerdict(draft, entry, 'committed');
    case 'Abandoned':
      return applyVerdict(draft, entry, 'abandoned');
    case 'Torn':
      return applyTorn(draft, entry);
    case 'Resolved':
      return applyResolved(draft, entry);
    case 'Stopped':
      return applyStopped(draft, entry);
    default:
      return unreachable(entry);
  }
}

function applyGeneration(draft: Draft, entry: GenerationBody): void {
  demand(
    entry.g === generationNumber(draft) + 1,
    entry,
    `L1, the next generation is ${generationNumber(draft) + 1}`,
  );
  const before = draft.generations.pop();
  if (before !== undefined) draft.generations.push(superseded(before));
  draft.generations.push({ position: draft.nextPosition, body: entry, placed: null });
  draft.stopped = null;
}

function applyPlaced(draft: Draft, entry: PlacedBody, rules: ProtocolRules): void {
  const current = draft.generations.at(-1);
  demand(
    current !== undefined && current.body.g === entry.g,
    entry,
    `L1, the generation is ${generationNumber(draft)}`,
  );
  demand(current.placed === null, entry, 'L6, the generation is placed already');
  if (rules.startAfterVerdict) {
    demand(baseOf(draft)?.status === 'committed', entry, 'L6, the base is not recorded committed');
  }
  draft.generations[draft.generations.length - 1] = { ...current, placed: entry };
}

function applyEpoch(draft: Draft, entry: EpochBody, rules: ProtocolRules): void {
  const base = baseOf(draft);
  demand(entry.g === generationNumber(draft), entry, `L1, the generation is ${generationNumber(draft)}`);
  if (rules.epochNumbersUnique) {
    demand(entry.e > draft.highestEpoch, entry, `L2, epoch ${draft.highestEpoch} is there already`);
  }
  demand(entry.parent === (base?.body.e ?? null), entry, `L2, its parent is ${base?.body.e ?? 'none'}`);
  if (base !== null) {
    if (rules.decideAfterParentCommitted) {
      demand(entry.committedThrough === base.body.e, entry, 'L3, the parent is not said to be committed');
      demand(
        base.status === 'committed' || base.body.g === entry.g,
        entry,
        'L3, the parent of an older generation has no verdict',
      );
    }
    recordCommittedThrough(draft, entry.committedThrough);
  }
  if (entry.restored !== undefined) applyRestored(draft, entry, entry.restored, rules);
  const status: EpochStatus = base === null || entry.restored !== undefined ? 'committed' : 'decided';
  draft.epochs.push({ position: draft.nextPosition, body: entry, status });
  draft.highestEpoch = Math.max(draft.highestEpoch, entry.e);
}

/** L9 */
function applyRestored(draft: Draft, entry: EpochBody, restored: Restored, rules: ProtocolRules): void {
  demand(draft.generations.at(-1)?.placed === null, entry, 'L9, its generation is placed');
  demand(baseOf(draft)?.status === 'committed', entry, 'L9, the base is not recorded committed');
  demand(entry.handles.length === 0, entry, 'L9, it has handles');
  demand(restored.from < entry.e, entry, `L9, epoch ${restored.from} is not older`);
  const isNew = restored.start > draft.restoredStart || !rules.goBackOnce;
  demand(isNew, entry, `L9, start ${restored.start} has gone back already`);
  draft.restoredStart = restored.start;
}

function recordCommittedThrough(draft: Draft, through: number): void {
  for (let index = draft.epochs.length - 1; index >= 0; index -= 1) {
    const record = draft.epochs[index];
    if (record === undefined || record.status === 'committed') return;
    if (record.status === 'decided' && record.body.e <= through) {
      draft.epochs[index] = { ...record, status: 'committed' };
    }
  }
}

/** The epoch that a verdict is on: L4. */
function judged(
  draft: Draft,
  entry: LedgerEntryBody & { readonly g: number; readonly e: number },
): EpochRecord {
  const base = baseOf(draft);
  demand(base !== null && base.body.e === entry.e, entry, `L4, the last epoch is ${base?.body.e ?? 'none'}`);
  demand(base.body.g === entry.g, entry, `L4, epoch ${entry.e} is of generation ${base.body.g}`);
  demand(base.status === 'decided', entry, `L4, epoch ${entry.e} is ${base.status} already`);
  return base;
}

function applyVerdict(
  draft: Draft,
  entry: LedgerEntryBody & { readonly g: number; readonly e: number },
  status: 'committed' | 'abandoned',
): void {
  const record = judged(draft, entry);
  if (status === 'abandoned') {
    demand(record.body.g < generationNumber(draft), entry, 'L5, its generation is running');
  }
  setStatus(draft, record, status);
}

function applyTorn(draft: Draft, entry: TornBody): void {
  const record = judged(draft, entry);
  demand(record.body.g < generationNumber(draft), entry, 'L5, its generation is running');
  setStatus(draft, record, 'torn');
  draft.torn = { body: entry, resolved: null };
}

function applyResolved(draft: Draft, entry: ResolvedBody): void {
  const torn = unresolvedTorn(draft);
  demand(torn !== null && torn.e === entry.e && torn.g === entry.g, entry, 'L7, that epoch is not torn');
  const record = findEpoch(draft, entry.e);
  demand(record !== undefined, entry, 'L7, that epoch is not there');
  setStatus(draft, record, entry.as);
  draft.torn = { body: torn, resolved: entry };
}

function applyStopped(draft: Draft, entry: StoppedBody): void {
  const base = baseOf(draft);
  demand(entry.g === generationNumber(draft), entry, `L1, the generation is ${generationNumber(draft)}`);
  demand(
    base?.body.e === entry.e && base.status === 'committed',
    entry,
    'L8, the base is not recorded committed',
  );
  draft.stopped = entry;
}

function setStatus(draft: Draft, record: EpochRecord, status: EpochStatus): void {
  draft.epochs[draft.epochs.lastIndexOf(record)] = { ...record, status };
}

function demand(allowed: boolean, entry: LedgerEntryBody, rule: string): asserts allowed {
  if (!allowed) throw new IllegalLedgerEntry(nameEntry(entry), rule);
}
