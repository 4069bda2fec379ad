import type { Source } from '@weir/connectors/source.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import type { ChainNode } from './chain-node.ts';
import type { OperatorChain } from './operator-chain.ts';

/** A watermark operator behind a source, and which partitions it holds to be idle. */
interface IdlenessTarget {
  readonly node: ChainNode;
  readonly idleTimeMs: number;
  readonly idle: Set<number>;
}

/**
 * A source as an input of its chain: polls, and tells watermark operators which partitions are idle.
 *
 * I1  A partition is idle only after it has been read to its end for the operator's idle_time without a pause: time in which the
 *     subtask was held back doesn't count, and any row makes it active before the row is passed on.
 * I2  At the start every partition is announced as active: one without rows holds the watermark back until it is idle.
 * I3  A watermark operator all of whose partitions are idle, or that has none, holds nobody back.
 * I4  When the source has ended its watermark goes to +Infinity, once.
 */
export class SourceInput {
  readonly source: Source;
  readonly node: ChainNode;
  readonly #chain: OperatorChain;
  readonly #clock: Clock;
  readonly #targets: readonly IdlenessTarget[];
  /** Partition -> since when (monotonic ms) it has been read to its end. */
  readonly #atEndSince = new Map<number, number>();
  readonly #announced = new Set<number>();
  #armed = false;
  #endTold = false;

  constructor(source: Source, node: ChainNode, chain: OperatorChain, clock: Clock) {
    this.source = source;
    this.node = node;
    this.#chain = chain;
    this.#clock = clock;
    this.#targets = watermarkNodesBehind(node).map((target) => ({
      node: target.node,
      idleTimeMs: target.idleTimeMs,
      idle: new Set<number>(),
    }));
  }

  get ended(): boolean {
    return this.#endTold;
  }

  /** Passes on one batch, or a change of idleness, or the end. False when there is nothing to do. */
  step(): boolean {
    if (this.#endTold) return false;
    const batch = this.source.poll();
    if (this.#targets.length > 0) this.#noteEndChanges();
    if (batch !== undefined && batch.partition >= 0) this.#setActive(batch.partition);
    this.#tellIdle();
    if (batch === undefined) return this.#endStep() || this.#idleStep();
    this.#chain.changes += 1;
    this.node.recordsIn += batch.rowCount;
    this.node.emit(batch);
    return true;
  }

  /** Calls `notify` once when `step` may have something to do again. */
  arm(notify: () => void, fail: (error: unknown) => void, closing: AbortSignal): void {
    if (this.#armed || this.#endTold) return;
    this.#armed = true;
    this.source.wait(closing).then(() => {
      this.#armed = false;
      notify();
    }, fail);
  }

  /** Monotonic ms at which a partition may become idle, +Infinity when none may. */
  nextIdleAt(): number {
    let next = Infinity;
    for (const [partition, since] of this.#atEndSince) {
      for (const target of this.#targets) {
        if (!target.idle.has(partition)) next = Math.min(next, since + target.idleTimeMs);
      }
    }
    return next;
  }

  /** The subtask was held back: what is at its end may not have been looked at (I1). */
  heldBack(): void {
    if (this.#atEndSince.size === 0) return;
    const now = this.#clock.monotonicMs();
    for (const partition of this.#atEndSince.keys()) this.#atEndSince.set(partition, now);
  }

  #endStep(): boolean {
    if (!this.source.ended) return false;
    this.#endTold = true;
    this.#chain.changes += 1;
    for (const target of this.#targets) this.#chain.nodeIdle(target.node, false);
    this.node.watermark(Infinity); // I4
    return true;
  }

  /** I2. Once the source is open, before any barrier: a snapshot holds the watermarks of announced partitions only. */
  announce(): void {
    if (this.#targets.length === 0) return;
    const partitions = this.source.partitions();
    if (partitions.length > this.#announced.size) this.#announce(partitions);
  }

  #noteEndChanges(): void {
    this.announce();
    for (const { partition, atEnd } of this.source.takeEndChanges()) {
      if (!atEnd) {
        this.#atEndSince.delete(partition);
        this.#setActive(partition);
      } else if (!this.#atEndSince.has(partition)) {
        this.#atEndSince.set(partition, this.#clock.monotonicMs());
      }
    }
  }

  /** I2. Twice: restored watermarks count once all partitions are known, for the least of them is the source's. */
  #announce(partitions: readonly number[]): void {
    const fresh = partitions.filter((partition) => !this.#announced.has(partition));
    for (const partition of [...fresh, ...fresh]) {
      this.#announced.add(partition);
      for (const target of this.#targets) this.#chain.partitionIdle(target.node, partition, false);
    }
  }

  #idleStep(): boolean {
    if (this.#atEndSince.size === 0) return false;
    const now = this.#clock.monotonicMs();
    let changed = false;
    for (const [partition, since] of this.#atEndSince) {
      for (const target of this.#targets) {
        if (target.idle.has(partition) || now - since < target.idleTimeMs) continue;
        target.idle.add(partition);
        this.#chain.changes += 1;
        this.#chain.partitionIdle(target.node, partition, true);
        changed = true;
      }
    }
    if (changed) this.#tellIdle();
    return changed;
  }

  #setActive(partition: number): void {
    for (const target of this.#targets) {
      if (target.idle.delete(partition)) this.#chain.partitionIdle(target.node, partition, false);
    }
  }

  /** I3 */
  #tellIdle(): void {
    for (const target of this.#targets) {
      this.#chain.nodeIdle(target.node, target.idle.size === this.#announced.size);
    }
  }
}

/** Watermark operators that a source's partitions reach: through operators that keep partitions apart. */
function watermarkNodesBehind(node: ChainNode): { node: ChainNode; idleTimeMs: number }[] {
  return node.edges.flatMap(({ to }) => {
    if (to.planned.node.kind === 'watermark') {
      return [{ node: to, idleTimeMs: to.planned.node.idleTimeMs }];
    }
    return to.planned.node.kind === 'calc' ? watermarkNodesBehind(to) : [];
  });
}
