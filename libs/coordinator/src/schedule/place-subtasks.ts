import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import type { PlacedSubtask } from '@weir/epoch-protocol/ledger-entries.ts';

/** A worker that may take slots. */
export interface WorkerOffer {
  readonly incarnation: string;
  readonly address: string;
  readonly freeSlots: number;
}

/** The address goes into the ledger too: whoever takes the generation over finds its workers without waiting for heartbeats. */
export interface AddressedSubtask extends PlacedSubtask {
  readonly address: string;
}

export type Placement =
  | { readonly kind: 'placed'; readonly subtasks: readonly AddressedSubtask[] }
  | { readonly kind: 'too-few'; readonly message: string };

/**
 * Spreads a pipeline over workers. A slot takes one parallel index of the pipeline with all its stages; the worker with most free
 * slots comes first, so that load spreads; of equal ones the first by incarnation, so that two coordinators place alike.
 */
export function placeSubtasks(
  plan: PhysicalPlan,
  parallelism: number,
  offers: readonly WorkerOffer[],
): Placement {
  const free = offers.filter((offer) => offer.freeSlots > 0);
  const total = free.reduce((sum, offer) => sum + offer.freeSlots, 0);
  if (total < parallelism)
    return { kind: 'too-few', message: missingSlots(parallelism, total, offers.length) };
  const left = new Map(free.map((offer) => [offer, offer.freeSlots]));
  const workers = Array.from({ length: parallelism }, () => {
    const [best] = [...left].toSorted(
      ([a, slotsA], [b, slotsB]) => slotsB - slotsA || (a.incarnation < b.incarnation ? -1 : 1),
    )[0] as [WorkerOffer, number];
    left.set(best, (left.get(best) ?? 0) - 1);
    return best;
  });
  const subtasks = plan.stages.flatMap((stage) =>
    workers.map(({ incarnation, address }, index) => ({ stage: stage.id, index, incarnation, address })),
  );
  return { kind: 'placed', subtasks };
}

/** Slots that a placement takes on each worker. */
export function slotsOf(subtasks: readonly PlacedSubtask[]): Map<string, number> {
  const indexes = new Map<string, Set<number>>();
  for (const { incarnation, index } of subtasks) {
    const of = indexes.get(incarnation) ?? new Set();
    indexes.set(incarnation, of.add(index));
  }
  return new Map([...indexes].map(([incarnation, set]) => [incarnation, set.size]));
}

/** `host:port` of a placed subtask's worker, or undefined for an entry of a Weir that didn't write it. */
export function addressOf(subtask: PlacedSubtask): string | undefined {
  const { address } = subtask as Partial<AddressedSubtask>;
  return typeof address === 'string' ? address : undefined;
}

function missingSlots(needed: number, free: number, workers: number): string {
  const slots = (count: number): string => `${count} ${count === 1 ? 'slot' : 'slots'}`;
  if (workers === 0) return `it needs ${slots(needed)} and there is no worker`;
  return `it needs ${slots(needed)}, and ${free === 0 ? 'none' : free} of ${workers} ${workers === 1 ? "worker's" : "workers'"} are free`;
}
