import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import type { Ports, TimerHandle } from '@weir/kernel/ports.ts';
import type { BusMessage, ControlBus } from './control-bus.ts';
import { claimEveryMs } from './controller-rhythm.ts';
import { envelopeHeaders, readEnvelope } from './envelope.ts';
import { leaseSubject, type PipelineSubject } from './subjects.ts';

/** A holder that is silent this long (three claims) has lost the lease: most of the time from a controller's death to the next epoch. */
const leaseTimeoutMs = 3 * claimEveryMs + 100;

/** What a controller says of a lease, as JSON. */
interface Claim {
  readonly controller: string;
  /** Wall time since which it holds the lease: the older claim wins. */
  readonly sinceMs: number;
  readonly released: boolean;
}

export interface DriverLeaseOptions {
  readonly bus: ControlBus;
  readonly ports: Ports;
  readonly pipeline: PipelineSubject;
  /** Random id of this controller process. */
  readonly controller: string;
  /** How long to listen for another driver before the first claim: 0 where there can be none (a single process). Default 1 s. */
  readonly listenMs?: number;
}

/*
 * Who drives a pipeline. A hint that keeps controllers out of each other's way, nothing else: the ledger says who won, and
 * two drivers at a time do no harm.
 *
 * D1  A controller claims only after it has listened and heard no other claim for `leaseTimeoutMs` while connected.
 * D2  Of two that claim, the one that holds the lease longer keeps it (then the smaller id); the other yields at once.
 * D3  While disconnected nothing changes: a holder goes on, nobody takes over.
 * D4  A controller that lost an append steps back: it doesn't claim for a while.
 */
export class DriverLease {
  readonly #options: DriverLeaseOptions;
  readonly #subject: string;
  readonly #listeners = new Set<(mine: boolean) => void>();
  readonly #unsubscribe: () => void;
  readonly #timer: TimerHandle;
  #holdsSinceMs: number | null = null;
  #other: { readonly claim: Claim; readonly heardMs: number } | null = null;
  #notBeforeMs: number;
  #lastTickMs: number;

  constructor(options: DriverLeaseOptions) {
    this.#options = options;
    this.#subject = leaseSubject(options.pipeline);
    const nowMs = options.ports.clock.nowMs();
    this.#lastTickMs = nowMs;
    this.#notBeforeMs = nowMs + (options.listenMs ?? 1000) * (0.5 + options.ports.rng.next() / 2);
    this.#unsubscribe = options.bus.subscribe(this.#subject, (message) => this.#heard(message));
    this.#timer = options.ports.timers.every(claimEveryMs, () => this.#tick());
    if (options.listenMs === 0) this.#tick();
  }

  /** True while this controller is to drive the pipeline. */
  get mine(): boolean {
    return this.#holdsSinceMs !== null;
  }

  /** The controller that drives, as far as is known. */
  get holder(): string | null {
    return this.mine ? this.#options.controller : (this.#other?.claim.controller ?? null);
  }

  /** Called when the lease is won or lost. Returns what ends it. */
  onChange(listener: (mine: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** D4: after a lost append. Gives the lease up and claims it again after a random 2-10 s at the earliest. */
  stepBack(): void {
    const { clock, rng } = this.#options.ports;
    this.#notBeforeMs = clock.nowMs() + 2000 + rng.next() * 8000;
    this.#release();
  }

  /** Gives the lease up, so that another controller needn't wait, and claims it no more. */
  close(): void {
    this.#timer.cancel();
    this.#unsubscribe();
    this.#release();
  }

  #tick(): void {
    const { bus, ports } = this.#options;
    const nowMs = ports.clock.nowMs();
    // A process that was frozen hears first what happened meanwhile.
    if (nowMs - this.#lastTickMs > leaseTimeoutMs)
      this.#notBeforeMs = Math.max(this.#notBeforeMs, nowMs + leaseTimeoutMs);
    this.#lastTickMs = nowMs;
    if (!bus.connected) return; // D3
    if (!this.mine && !this.#mayClaim(nowMs)) return;
    if (!this.mine) this.#set(nowMs);
    this.#publish(false);
  }

  /** D1 */
  #mayClaim(nowMs: number): boolean {
    const reconnectedAt = this.#options.bus.reconnectedAt;
    if (nowMs < this.#notBeforeMs) return false;
    if (reconnectedAt !== null && nowMs - reconnectedAt < leaseTimeoutMs) return false;
    return this.#other === null || nowMs - this.#other.heardMs > leaseTimeoutMs;
  }

  #heard(message: BusMessage): void {
    const claim = readClaim(message);
    if (claim === undefined || claim.controller === this.#options.controller) return;
    const heardMs = this.#options.ports.clock.nowMs();
    if (claim.released) {
      if (this.#other?.claim.controller === claim.controller) this.#other = null;
      if (!this.mine) this.#tick();
      return;
    }
    this.#other = { claim, heardMs };
    if (
      this.#holdsSinceMs !== null &&
      isBefore(claim, { controller: this.#options.controller, sinceMs: this.#holdsSinceMs })
    ) {
      this.#set(null); // D2
    }
  }

  #release(): void {
    if (!this.mine) return;
    this.#publish(true);
    this.#set(null);
  }

  #publish(released: boolean): void {
    const { bus, ports, controller } = this.#options;
    const claim: Claim = { controller, sinceMs: this.#holdsSinceMs ?? 0, released };
    const bytes = new TextEncoder().encode(JSON.stringify(claim));
    bus.publish(this.#subject, bytes, envelopeHeaders({ messageId: ports.rng.id(12) }));
  }

  #set(holdsSinceMs: number | null): void {
    this.#holdsSinceMs = holdsSinceMs;
    for (const listener of this.#listeners) listener(holdsSinceMs !== null);
  }
}

const bounds = { length: 10_000, depth: 4 };

function isBefore(
  a: { controller: string; sinceMs: number },
  b: { controller: string; sinceMs: number },
): boolean {
  return a.sinceMs === b.sinceMs ? a.controller < b.controller : a.sinceMs < b.sinceMs;
}

function readClaim(message: BusMessage): Claim | undefined {
  if (readEnvelope(message) === undefined) return undefined;
  const value = readBoundedJson(
    new TextDecoder().decode(message.bytes),
    'a claim of a lease',
    'WEIR-6011',
    bounds,
  );
  if (typeof value !== 'object' || value === null) return undefined;
  const { controller, sinceMs, released } = value as Partial<Claim>;
  const shaped =
    typeof controller === 'string' &&
    controller !== '' &&
    Number.isFinite(sinceMs) &&
    typeof released === 'boolean';
  if (!shaped || sinceMs === undefined || sinceMs < 0 || controller.length > 200) return undefined;
  return { controller, sinceMs, released };
}
