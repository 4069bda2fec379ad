import { AtMost } from '@weir/kernel/at-most.ts';
import type { BusMessage, ControlBus } from '@weir/control-bus/control-bus.ts';
import { catalogEveryMs } from '@weir/control-bus/controller-rhythm.ts';
import { envelopeHeaders, readEnvelope } from '@weir/control-bus/envelope.ts';
import { catalogSubject } from '@weir/control-bus/subjects.ts';
import { describeError } from '@weir/kernel/errors.ts';
import { isName } from '@weir/kernel/is-name.ts';
import type { Ports, TimerHandle } from '@weir/kernel/ports.ts';
import type { PipelineCatalog } from './pipeline-catalog.ts';
import { isUnreadable } from './record-codec.ts';
import { TurnsByName } from './turns-by-name.ts';

/** A hint can be lost without a trace: the catalog is listed this often even so. */
const listEveryMs = 10_000;
/** Entries that are read at once: of 1,000 changed ones at 20 ms each the last is read after 0.6 s. */
const readsAtOnce = 32;

export interface CatalogWatchOptions {
  readonly catalog: PipelineCatalog;
  readonly bus: ControlBus;
  readonly ports: Ports;
  readonly clusterName: string;
  /** Random id of this controller. */
  readonly writer: string;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
  /** Names that are acted on now; they are looked at when the catalog has them no more. */
  readonly known: () => Iterable<string>;
  /** Reads the entry of this name and acts on it. Never called twice at once with one name. */
  readonly look: (name: string) => Promise<void>;
}

/*
 * Finds out which entries of the catalog have changed, so that each is looked at soon and none that is as it was is read again.
 *
 * K1  What was changed here is looked at at once, and the other controllers are told by a hint over the bus; whoever hears one looks at once.
 *     No look waits for that of another name, nor for a round.
 * K2  Hints may be lost: a listing every ten seconds (at every round while the bus is away) tells which versions are there. An entry is
 *     read again when its version is another than the one that the listing before its last look told, so a look that read more than that
 *     costs one more read, and never misses one.
 * K3  One round at a time, with a bounded number of reads at once. A look that failed is repeated by the next round.
 * K4  An entry that can't be read for good (damaged, of a newer Weir) holds up no other.
 */
export class CatalogWatch {
  readonly #options: CatalogWatchOptions;
  readonly #turns = new TurnsByName();
  /** Name -> the version that was listed before its last look that succeeded. */
  readonly #seen = new Map<string, string>();
  readonly #again = new Set<string>();
  readonly #unreadable = new Map<string, string>();
  #unlisten: (() => void)[] = [];
  #timer: TimerHandle | null = null;
  #round: Promise<void> | null = null;
  #listedAtMs = -Infinity;
  #hintsMayBeLost = false;
  #trouble: string | null = null;
  #closed = false;

  constructor(options: CatalogWatchOptions) {
    this.#options = options;
  }

  /** Reads all of the catalog and begins to watch. */
  async start(): Promise<void> {
    const { bus, catalog, clusterName, ports } = this.#options;
    this.#unlisten = [
      catalog.onChange((name) => void this.#changedHere(name)),
      bus.subscribe(catalogSubject(clusterName), (message) => this.#hinted(message)),
      bus.onConnectionChange(() => (this.#hintsMayBeLost = true)),
    ];
    await this.#beginRound();
    this.#timer = ports.timers.every(catalogEveryMs, () => void this.#beginRound());
  }

  /** Why the catalog can't be read, or null. One entry that can't be read is not meant. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Looks at an entry: at once, or when the look of this name that runs now has ended. */
  look(name: string): Promise<void> {
    return this.#turns.run(name, () => this.#lookNow(name));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    for (const unlisten of this.#unlisten) unlisten();
    await this.#round;
    await this.#turns.settled();
  }

  /** K1 */
  #changedHere(name: string): Promise<void> {
    const { bus, clusterName, ports, writer } = this.#options;
    const bytes = new TextEncoder().encode(JSON.stringify({ from: writer, name }));
    bus.publish(catalogSubject(clusterName), bytes, envelopeHeaders({ messageId: ports.rng.id(12) }));
    return this.look(name);
  }

  #hinted(message: BusMessage): void {
    if (readEnvelope(message) === undefined) return;
    const hint = readHint(message.bytes);
    if (hint !== undefined && hint.from !== this.#options.writer) void this.look(hint.name);
  }

  /** K3 */
  #beginRound(): Promise<void> {
    this.#round ??= this.#lookThrough().finally(() => (this.#round = null));
    return this.#round;
  }

  async #lookThrough(): Promise<void> {
    if (this.#closed) return;
    const due = new Map<string, string | null>([...this.#again].map((name) => [name, null]));
    if (this.#listingIsDue()) {
      try {
        for (const [name, version] of await this.#listChanged()) due.set(name, version);
        this.#noteTrouble(null);
      } catch (error) {
        this.#noteTrouble(error);
      }
    }
    const look = async (name: string, version: string | null): Promise<void> => {
      await this.look(name);
      if (version !== null && !this.#again.has(name)) this.#seen.set(name, version);
    };
    const reads = new AtMost(readsAtOnce);
    await Promise.all([...due].map(([name, version]) => reads.run(() => look(name, version))));
  }

  /** K2 */
  #listingIsDue(): boolean {
    const { bus, ports } = this.#options;
    if (!bus.connected || this.#hintsMayBeLost) return true;
    return ports.clock.monotonicMs() - this.#listedAtMs >= listEveryMs;
  }

  async #listChanged(): Promise<Map<string, string | null>> {
    const { catalog, ports, known } = this.#options;
    const [startedAtMs, mayBeLost] = [ports.clock.monotonicMs(), this.#hintsMayBeLost];
    this.#hintsMayBeLost = false;
    try {
      const listed = await catalog.versions();
      const changed = new Map(
        [...listed].filter(([name, version]) => version === null || this.#seen.get(name) !== version),
      );
      // Made after the listing had passed its place, or removed: a look tells.
      for (const name of known()) if (!listed.has(name)) changed.set(name, null);
      for (const name of this.#seen.keys()) if (!listed.has(name)) this.#seen.delete(name);
      this.#listedAtMs = startedAtMs;
      return changed;
    } catch (error) {
      this.#hintsMayBeLost ||= mayBeLost;
      this.#listedAtMs = -Infinity;
      throw error;
    }
  }

  async #lookNow(name: string): Promise<void> {
    if (this.#closed) return;
    this.#again.delete(name);
    try {
      await this.#options.look(name);
      this.#unreadable.delete(name);
      if (this.#again.size === 0 && this.#listedAtMs > -Infinity) this.#noteTrouble(null);
    } catch (error) {
      if (isUnreadable(error)) return this.#noteUnreadable(name, error);
      this.#again.add(name);
      this.#noteTrouble(error);
    }
  }

  /** K4: said once for each version of it. */
  #noteUnreadable(name: string, error: unknown): void {
    const why = describeError(error);
    if (this.#unreadable.get(name) !== why)
      this.#options.log.warn({ pipeline: name, error: why }, "an entry of the catalog can't be read");
    this.#unreadable.set(name, why);
  }

  #noteTrouble(error: unknown): void {
    const trouble = error === null ? null : describeError(error);
    if (trouble !== null && trouble !== this.#trouble)
      this.#options.log.warn({ error: trouble }, "the catalog can't be read");
    this.#trouble = trouble;
  }
}

function readHint(bytes: Uint8Array): { readonly from: string; readonly name: string } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { from, name } = (value ?? {}) as Record<string, unknown>;
    return typeof from === 'string' && typeof name === 'string' && isName(name) ? { from, name } : undefined;
  } catch {
    return undefined;
  }
}
