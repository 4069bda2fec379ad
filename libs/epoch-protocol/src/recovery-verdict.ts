import type { HandleRef, LedgerEntryBody } from './ledger-entries.ts';
import { allRules, type ProtocolRules } from './protocol-rules.ts';
import { isKafkaHandle, type SubtaskHandle, type SubtaskKafkaHandle } from './sink-handle.ts';

/**
 * What the broker said to EndTxn(commit) with the saved producer id and epoch. Everything else that it can say, or silence,
 * is `ask-again`: a coordinator that moved, a concurrent transaction, authorization, TLS, an unknown server error.
 */
export type EndTxnAnswer =
  | 'NONE'
  | 'INVALID_PRODUCER_EPOCH'
  | 'PRODUCER_FENCED'
  | 'INVALID_TXN_STATE'
  | 'INVALID_PRODUCER_ID_MAPPING'
  | 'ask-again';

/**
 * What read_committed Fetches from the transaction's first offsets show. `undecided`: an open transaction holds the last stable
 * offset; asked again. `silent`: the log can't be read (retention, no permission), or no first offset is known: it says nothing.
 */
export type LogAnswer = 'committed' | 'aborted' | 'undecided' | 'silent';

/** A handle of the epoch that is judged, and what has been answered about it so far. */
export interface HandleFacts {
  readonly handle: SubtaskHandle;
  readonly endTxn: EndTxnAnswer | null;
  readonly log: LogAnswer | null;
}

export type HandleOutcome = 'committed' | 'aborted' | 'unknown';

/** What is to be asked next, or the verdict. */
export type RecoveryStep =
  | { readonly step: 'ask-end-txn'; readonly handles: readonly SubtaskKafkaHandle[] }
  | { readonly step: 'ask-log'; readonly handles: readonly SubtaskKafkaHandle[] }
  | { readonly step: 'verdict'; readonly verdict: Verdict };

export type Verdict =
  | { readonly kind: 'Committed' }
  | { readonly kind: 'Abandoned' }
  | {
      readonly kind: 'Torn';
      readonly committed: readonly HandleRef[];
      readonly aborted: readonly HandleRef[];
      readonly unknown: readonly HandleRef[];
    };

/** Facts with nothing asked yet. */
export function unaskedFacts(handles: readonly SubtaskHandle[]): HandleFacts[] {
  return handles.map((handle) => ({ handle, endTxn: null, log: null }));
}

/*
 * V1  Handles marked empty are skipped (!; sink-transaction.ts marks them, which is where the rule can be switched off).
 * V2  EndTxn is asked of every handle, until it answers, before the log is.
 * V3  Only "all committed" is concluded from EndTxn alone; for anything else the log is asked about every handle.
 * V4  What the log shows committed is committed, whatever EndTxn answered.
 * V5  An abort is proven by FENCED / INVALID_PRODUCER_EPOCH only; INVALID_TXN_STATE and INVALID_PRODUCER_ID_MAPPING are no
 *     proof, nor is an abort in the log after them: a late write may reopen the transaction (!).
 */
export function nextRecoveryStep(
  facts: readonly HandleFacts[],
  rules: ProtocolRules = allRules,
): RecoveryStep {
  const asked = facts.filter((fact) => fact.handle.handle.kind !== 'empty'); // V1
  const kafka = asked.filter((fact): fact is KafkaFacts => isKafkaHandle(fact.handle));
  const unanswered = kafka.filter((fact) => fact.endTxn === null || fact.endTxn === 'ask-again');
  if (unanswered.length > 0) return { step: 'ask-end-txn', handles: unanswered.map((fact) => fact.handle) }; // V2
  if (kafka.every((fact) => fact.endTxn === 'NONE'))
    return { step: 'verdict', verdict: { kind: 'Committed' } }; // V3
  const unread = kafka.filter(needsLog);
  if (unread.length > 0) return { step: 'ask-log', handles: unread.map((fact) => fact.handle) }; // V3
  return { step: 'verdict', verdict: verdictOf(asked, rules) };
}

type KafkaFacts = HandleFacts & { readonly handle: SubtaskKafkaHandle };

/** EndTxn's NONE is an answer by itself: somebody else's open transaction before ours need not be waited for. */
function needsLog(fact: HandleFacts): boolean {
  return fact.log === null || (fact.log === 'undecided' && fact.endTxn !== 'NONE');
}

function verdictOf(facts: readonly HandleFacts[], rules: ProtocolRules): Verdict {
  const byOutcome: Record<HandleOutcome, HandleRef[]> = { committed: [], aborted: [], unknown: [] };
  for (const fact of facts) byOutcome[outcomeOf(fact, rules)].push(refOf(fact.handle));
  const { committed, aborted, unknown } = byOutcome;
  if (aborted.length === 0 && unknown.length === 0) return { kind: 'Committed' };
  if (committed.length === 0 && unknown.length === 0) return { kind: 'Abandoned' };
  return { kind: 'Torn', committed, aborted, unknown };
}

/** The outcome of one handle about which everything has been answered. */
function outcomeOf(fact: HandleFacts, rules: ProtocolRules = allRules): HandleOutcome {
  // A file is rolled forward by the restored sink, so beside an aborted transaction it is a torn epoch.
  if (fact.handle.handle.kind === 'file') return 'committed';
  if (fact.log === 'committed') return 'committed'; // V4
  switch (fact.endTxn) {
    case 'NONE':
      // NONE while the log shows the abort of that very transaction: EndTxn has ended something else of the same epoch.
      return fact.log === 'aborted' ? 'unknown' : 'committed';
    case 'INVALID_PRODUCER_EPOCH':
    case 'PRODUCER_FENCED':
      return 'aborted'; // V5
    case 'INVALID_TXN_STATE':
    case 'INVALID_PRODUCER_ID_MAPPING':
      return rules.invalidStateIsUnknown ? 'unknown' : 'aborted'; // V5
    case 'ask-again':
    case null:
      return 'unknown';
  }
}

/** The entry that records a verdict on epoch (g, e). */
export function verdictEntry(verdict: Verdict, g: number, e: number): LedgerEntryBody {
  return { ...verdict, g, e };
}

function refOf(handle: SubtaskHandle): HandleRef {
  const kafka = isKafkaHandle(handle) ? handle.handle : null;
  return {
    operator: handle.operator,
    subtask: handle.subtask,
    transactionalId: kafka?.transactionalId ?? '',
    partitions: kafka === null ? [] : Object.keys(kafka.firstOffsets).toSorted(),
  };
}
