import type { EpochBody, LedgerEntry, TornBody } from '@weir/epoch-protocol/ledger-entries.ts';
import { foldEntry } from '@weir/epoch-protocol/ledger-fold.ts';
import { emptyLedger, type LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import { isKafkaHandle, type SubtaskKafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { SimKafka } from '../simulator/kafka/sim-kafka.ts';
import { outputTopics } from './sim-pipeline.ts';

/*
 * What the ledger and the brokers must agree on, whatever happened:
 * C1  The fold takes every entry, in order; no epoch is decided twice.
 * C2  Nothing is committed in the sink topics that isn't a handle of a decided epoch which wasn't abandoned.
 * C3  Every handle of an epoch that is recorded committed is committed; none of an abandoned epoch is.
 * C4  A handle of a decided epoch is aborted by the broker's timeout only, never by a fence or an abort of ours. (After its commit a late
 *     AddPartitions may open an empty transaction under the same ids; a fence of that one is as it should be.)
 * C5  `Torn` says of no handle that it is committed when it isn't, or aborted when it is committed.
 */

export function ledgerProblems(entries: readonly LedgerEntry[], kafka: SimKafka): string[] {
  const problems: string[] = [];
  const decided = new Map<number, EpochBody>();
  const abandoned = new Set<number>();
  const committed = new Set<number>();
  const torn: TornBody[] = [];
  let state: LedgerState = emptyLedger;
  for (const entry of entries) {
    try {
      state = foldEntry(state, entry);
    } catch (error) {
      problems.push(`C1: ${describeError(error)}`);
    }
    if (entry.kind === 'Epoch') {
      if (decided.has(entry.e)) problems.push(`C1: epoch ${entry.e} was decided twice`);
      decided.set(entry.e, entry);
      for (const e of decided.keys()) if (e <= entry.committedThrough && !abandoned.has(e)) committed.add(e);
    }
    if (entry.kind === 'Abandoned') abandoned.add(entry.e);
    if (entry.kind === 'Committed') committed.add(entry.e);
    if (entry.kind === 'Torn') torn.push(entry);
  }
  const broker = new BrokerTruth(kafka);
  problems.push(...undecidedCommits(decided, abandoned, broker));
  // What a person said of a torn epoch changes nothing at the brokers.
  const resolved = new Set(torn.map(({ e }) => e));
  for (const [e, body] of decided) {
    if (resolved.has(e)) continue;
    for (const handle of body.handles.filter(isKafkaHandle)) {
      const isCommitted = broker.isCommitted(handle);
      const name = `${handle.handle.transactionalId} of epoch ${e}`;
      if (committed.has(e) && !isCommitted) problems.push(`C3: ${name} is not committed`);
      if (abandoned.has(e) && isCommitted) problems.push(`C3: ${name} is committed, the epoch abandoned`);
      const cause = broker.abortCause(handle);
      if (!isCommitted && cause !== undefined && cause !== 'timeout')
        problems.push(`C4: ${name} was aborted (${cause})`);
    }
  }
  for (const body of torn) problems.push(...tornProblems(body, decided, broker));
  return problems;
}

function undecidedCommits(
  decided: ReadonlyMap<number, EpochBody>,
  abandoned: ReadonlySet<number>,
  broker: BrokerTruth,
): string[] {
  const allowed = new Set<string>();
  for (const [e, body] of decided) {
    if (abandoned.has(e)) continue;
    for (const { handle } of body.handles.filter(isKafkaHandle))
      allowed.add(`${handle.producerId}/${handle.producerEpoch}`);
  }
  return [...broker.committed]
    .filter((ids) => !allowed.has(ids))
    .map((ids) => `C2: the transaction ${ids} is committed and no decided epoch has it`);
}

function tornProblems(
  torn: TornBody,
  decided: ReadonlyMap<number, EpochBody>,
  broker: BrokerTruth,
): string[] {
  const handles = (decided.get(torn.e)?.handles ?? []).filter(isKafkaHandle);
  const find = (id: string) => handles.find(({ handle }) => handle.transactionalId === id);
  const wrong = (what: string, id: string): string =>
    `C5: Torn says that ${id} of epoch ${torn.e} is ${what}`;
  return [
    ...torn.committed
      .filter((ref) => {
        const handle = find(ref.transactionalId);
        return handle !== undefined && !broker.isCommitted(handle);
      })
      .map((ref) => wrong('committed', ref.transactionalId)),
    ...torn.aborted
      .filter((ref) => {
        const handle = find(ref.transactionalId);
        return handle !== undefined && broker.isCommitted(handle);
      })
      .map((ref) => wrong('aborted', ref.transactionalId)),
    ...(handles.every((handle) => broker.isCommitted(handle))
      ? [`C5: epoch ${torn.e} is torn, and all of it is committed`]
      : []),
  ];
}

/** What became of transactions, by (producer id, epoch): each carries one transaction. */
class BrokerTruth {
  readonly committed = new Set<string>();
  readonly #kafka: SimKafka;

  constructor(kafka: SimKafka) {
    this.#kafka = kafka;
    for (const topic of outputTopics) {
      for (const log of kafka.topics.get(topic)?.logs ?? []) {
        for (const { marker, producerId, producerEpoch } of log.batches) {
          if (marker === 'commit') this.committed.add(`${producerId}/${producerEpoch}`);
        }
      }
    }
  }

  isCommitted({ handle }: SubtaskKafkaHandle): boolean {
    return this.committed.has(`${handle.producerId}/${handle.producerEpoch}`);
  }

  abortCause({ handle }: SubtaskKafkaHandle): string | undefined {
    const { transactionalId, producerId, producerEpoch } = handle;
    return this.#kafka.transactions.aborts.find(
      (abort) =>
        abort.id === transactionalId &&
        abort.producerId === producerId &&
        abort.producerEpoch === producerEpoch,
    )?.cause;
  }
}
