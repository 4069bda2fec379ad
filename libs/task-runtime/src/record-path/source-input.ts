import type { Source } from '@weir/connectors/source.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import type { PartitionWatermarks } from '@weir/operators/operator.ts';
import type { ChainNode } from './chain-node.ts';
import type { OperatorChain } from './operator-chain.ts';

/** An operator behind a source that makes watermarks of its partitions, and which of them it was told to be idle. */
interface IdlenessTarget {
  readonly node: ChainNode;
  readonly watermarks: PartitionWatermarks;
  readonly idle: Set<number>;
}

/**
 * A source as an input of its chain: polls, and tells operators that make watermarks which partitions are idle.
 *
 * I1  A partition is idle only after it has been read to its end for the operator's idle_time without a pause: time in which the
 *     subtask was held back doesn't count, what was fetched meanwhile is looked at first, and any row makes it active before the row is
 *     passed on. Whether other partitions have rows at hand doesn't matter.
 * I2  At the start all partitions are announced as active: one without rows holds the watermark back until it is idle.
 * I3  Partitions whose time is up at one moment become idle together.
 * I4  When the source has ended its watermark goes to +Infinity, once.
 * I5  Rows and rejected records of one poll are passed on in one step: no barrier comes between them, since the source's position is past both.
 */
export class SourceInput {
  readonly source: Source;
  readonly node: ChainNode;
  readonly #chain: OperatorChain;
  readonly #clock: Clock;
  readonly #targets: readonly IdlenessTarget[];
  /** Partition -> since when (monotonic ms) it has been read to its end. */
  readonly #atEndSince = new Map<number, number>();
  #announced: ReadonlySet<number> | null = null;
  /** Monotonic ms at which the next partition may become idle; null when that has to be reckoned anew. */
  #dueAtMs: number | null = Infinity;
  #armed = false;
  #endTold = false;

  constructor(source: Source, node: ChainNode, chain: OperatorChain, clock: Clock) {
    this.source = source;
    this.node = node;
    this.#chain = chain;
    this.#clock = clock;
    this.#targets = watermarksBehind(node);
  }

  get ended(): boolean {
    return this.#endTold;
  }

  /** Passes on what one poll gave, or a change of idleness, or the end. False when there is nothing to do. */
  step(): boolean {
    if (this.#endTold) return false;
    if (this.#idleStep()) return true;
    const batch = this.source.poll();
    const rejected = this.source.takeRejected?.();
    if (this.#targets.length > 0) this.#noteEndChanges(false);
    if (batch === undefined && rejected === undefined) return this.#endStep();
    this.#chain.changes += 1;
    if (batch !== undefined) {
      if (batch.partition >= 0) this.#setActive(batch.partition);
      this.node.recordsIn += batch.rowCount;
      this.node.emit(batch);
    }
    if (rejected !== undefined) this.node.emitRejected(rejected); // I5
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
    if (this.#dueAtMs !== null) return this.#dueAtMs;
    let next = Infinity;
    for (const [partition, since] of this.#atEndSince) {
      for (const { idle, watermarks } of this.#targets) {
        if (!idle.has(partition)) next = Math.min(next, since + watermarks.idleTimeMs);
      }
    }
    this.#dueAtMs = next;
    return next;
  }

  /** The subtask was held back: what is at its end may not have been looked at (I1). */
  heldBack(): void {
    if (this.#atEndSince.size === 0) return;
    const now = this.#clock.monotonicMs();
    for (const partition of this.#atEndSince.keys()) this.#atEndSince.set(partition, now);
    this.#dueAtMs = null;
  }

  /** I2. Once the source is open, before any barrier: a snapshot holds the watermarks of announced partitions only. */
  announce(): void {
    if (this.#targets.length === 0) return;
    const partitions = this.source.partitions();
    if (partitions.length === this.#announced?.size) return;
    this.#announced = new Set(partitions);
    for (const { node } of this.#targets) this.#chain.partitions(node, partitions);
  }

  #endStep(): boolean {
    if (!this.source.ended) return false;
    this.#endTold = true;
    this.#chain.changes += 1;
    this.node.watermark(Infinity); // I4
    return true;
  }

  /** @param now look at all of them at this moment, however short ago that was */
  #noteEndChanges(now: boolean): void {
    this.announce();
    for (const { partition, atEnd } of this.source.takeEndChanges(now)) {
      if (!atEnd) {
        this.#atEndSince.delete(partition);
        this.#dueAtMs = null;
        this.#setActive(partition);
      } else if (!this.#atEndSince.has(partition)) {
        this.#atEndSince.set(partition, this.#clock.monotonicMs());
        this.#dueAtMs = null;
      }
    }
  }

  #idleStep(): boolean {
    if (this.nextIdleAt() === Infinity) return false;
    const now = this.#clock.monotonicMs();
    if (now < this.nextIdleAt()) return false;
    this.#noteEndChanges(true); // I1
    let changed = false;
    for (const { node, watermarks, idle } of this.#targets) {
      const due: number[] = [];
      for (const [partition, since] of this.#atEndSince) {
        if (!idle.has(partition) && now - since >= watermarks.idleTimeMs) due.push(partition);
      }
      if (due.length === 0) continue;
      for (const partition of due) idle.add(partition);
      this.#chain.partitionsIdle(node, due, true); // I3
      changed = true;
    }
    this.#dueAtMs = null;
    return changed;
  }

  #setActive(partition: number): void {
    for (const { node, idle } of this.#targets) {
      if (!idle.delete(partition)) continue;
      this.#dueAtMs = null;
      this.#chain.partitionsIdle(node, [partition], false);
    }
  }
}

/** Operators that make watermarks of a node's partitions: those that rows reach with the partition they came from. */
function watermarksBehind(node: ChainNode): IdlenessTarget[] {
  return node.edges.flatMap(({ to }) => {
    const watermarks = to.operator?.partitionWatermarks;
    if (watermarks !== undefined) return [{ node: to, watermarks, idle: new Set<number>() }];
    return to.operator?.keepsPartitions === true ? watermarksBehind(to) : [];
  });
}
