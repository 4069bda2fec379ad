import type { Clock, Ports, TimerHandle } from '@weir/kernel/ports.ts';
import { WorkerHeartbeat } from '@weir/wire/gen/weir/internal/v1/control.ts';
import type { BusMessage, ControlBus } from './control-bus.ts';
import { membersLookEveryMs } from './controller-rhythm.ts';
import { envelopeHeaders, readEnvelope } from './envelope.ts';
import { workersSubject } from './subjects.ts';

export const heartbeatEveryMs = 500;
/** A worker is dead after this much silence, if our own bus was connected (and we ourselves awake) all the while. */
const deadAfterMs = 3000;
/** A tick that comes this late says that this process was frozen or too busy to hear anybody. */
const awayAfterMs = 1500;

/** A worker as its heartbeats tell. */
export interface WorkerMember {
  readonly incarnation: string;
  /** `host:port` of its gRPC server. */
  readonly address: string;
  readonly adminAddress: string;
  readonly slots: number;
  readonly usedSlots: number;
  readonly draining: boolean;
  /** Wall time of its last heartbeat, ms. */
  readonly lastSeenMs: number;
}

/**
 * Publishes this worker's heartbeat now and every 500 ms.
 * @param describe the heartbeat as it is at that moment
 * @returns sends one at once (after a change), or ends it; after a last heartbeat that says `draining`
 */
export function announceWorker(
  bus: ControlBus,
  ports: Ports,
  cluster: string,
  describe: () => Omit<WorkerHeartbeat, 'formatVersion'>,
): { readonly now: () => void; readonly stop: () => void } {
  const publish = (draining: boolean): void => {
    const heartbeat: WorkerHeartbeat = { ...describe(), formatVersion: 1 };
    const bytes = WorkerHeartbeat.encode(draining ? { ...heartbeat, draining } : heartbeat).finish();
    bus.publish(workersSubject(cluster), bytes, envelopeHeaders({ messageId: ports.rng.id(12) }));
  };
  publish(false);
  const timer = ports.timers.every(heartbeatEveryMs, () => publish(false));
  return {
    now: () => publish(false),
    stop: () => {
      timer.cancel();
      publish(true);
    },
  };
}

/*
 * M1  A worker is an incarnation: the same address under another incarnation is another worker, and the one before it is dead.
 * M2  Silence counts only while our own bus is connected, and from 3 s after it came back (or after this process was away).
 * M3  An incarnation that was never heard is gone once we have listened that long.
 * M4  One that was declared dead and is heard again is back: it is the coordinator's matter that its tasks were given away.
 */
export class WorkerMembers {
  readonly #bus: ControlBus;
  readonly #clock: Clock;
  readonly #members = new Map<string, WorkerMember>();
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  readonly #timer: TimerHandle;
  /** Since when silence counts: start, or the last time that this process was away. */
  #awakeSinceMs: number;
  #lastTickMs: number;

  constructor(bus: ControlBus, ports: Pick<Ports, 'clock' | 'timers'>, cluster: string) {
    this.#bus = bus;
    this.#clock = ports.clock;
    this.#awakeSinceMs = ports.clock.nowMs();
    this.#lastTickMs = this.#awakeSinceMs;
    this.#unsubscribe = bus.subscribe(workersSubject(cluster), (message) => this.#heard(message));
    this.#timer = ports.timers.every(membersLookEveryMs, () => this.#tick());
  }

  /** Those that are thought alive, in the order of their incarnations. */
  workers(): readonly WorkerMember[] {
    return [...this.#members.values()].toSorted((a, b) => (a.incarnation < b.incarnation ? -1 : 1));
  }

  /** True when it is known to be dead: silent for too long while we could hear. */
  isGone(incarnation: string): boolean {
    return !this.#members.has(incarnation) && this.#isSilent(this.#awakeSinceMs); // M3
  }

  /** Called when a worker comes, goes, or says something else of itself. Returns what ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#timer.cancel();
    this.#unsubscribe();
  }

  #heard(message: BusMessage): void {
    if (readEnvelope(message) === undefined) return;
    const heartbeat = WorkerHeartbeat.decode(message.bytes);
    if (!isPlausible(heartbeat)) return;
    const { incarnation, address, adminAddress, slots, usedSlots, draining } = heartbeat;
    const before = this.#members.get(incarnation);
    if (before === undefined && this.#members.size >= mostMembers) return;
    const lastSeenMs = this.#clock.nowMs();
    if (before === undefined) this.#forgetFormerAt(address);
    this.#members.set(incarnation, {
      incarnation,
      address,
      adminAddress,
      slots,
      usedSlots,
      draining,
      lastSeenMs,
    });
    const same =
      before?.address === address &&
      before.slots === slots &&
      before.usedSlots === usedSlots &&
      before.draining === draining;
    if (!same) this.#changed();
  }

  /** M1: a restarted worker is heard before its former self has been silent for long; whatever is given to that one is refused. */
  #forgetFormerAt(address: string): void {
    for (const former of this.#members.values())
      if (former.address === address) this.#members.delete(former.incarnation);
  }

  #tick(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#lastTickMs > awayAfterMs) this.#awakeSinceMs = nowMs;
    this.#lastTickMs = nowMs;
    const dead = [...this.#members.values()].filter((member) => this.#isSilent(member.lastSeenMs));
    for (const member of dead) this.#members.delete(member.incarnation);
    if (dead.length > 0) this.#changed();
  }

  /** M2 */
  #isSilent(sinceMs: number): boolean {
    if (!this.#bus.connected) return false;
    const countsFromMs = Math.max(sinceMs, this.#awakeSinceMs, this.#bus.reconnectedAt ?? 0);
    return this.#clock.nowMs() - countsFromMs > deadAfterMs;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** More than any cluster has: whoever sends heartbeats of others must not fill the memory. */
const mostMembers = 10_000;
const mostSlots = 100_000;
const longestAddress = 300;

/** Whether a heartbeat says what one of this version says. */
function isPlausible(heartbeat: WorkerHeartbeat): boolean {
  const { formatVersion, incarnation, address, adminAddress, slots, usedSlots } = heartbeat;
  const isAddress = (text: string): boolean => text.length <= longestAddress && /^\S*$/.test(text);
  return (
    formatVersion === 1 &&
    /^[\w.-]{1,100}$/.test(incarnation) &&
    isAddress(address) &&
    isAddress(adminAddress) &&
    slots <= mostSlots &&
    usedSlots <= mostSlots
  );
}
