import { dispositionOf, WeirError } from '@weir/kernel/errors.ts';
import type { Ports, TimerHandle } from '@weir/kernel/ports.ts';
import type { BusMessage, ControlBus } from './control-bus.ts';
import { announceEveryMs, recordEveryMs } from './controller-rhythm.ts';
import { envelopeHeaders, readEnvelope } from './envelope.ts';
import { controllersSubject } from './subjects.ts';

/*
 * A cluster is one name, one store, one NATS. Controllers that share a store but not the bus (or the bus but not the store) would
 * work against each other: safe, since the ledger decides, but nothing would run for long.
 *
 * C1  The store holds one random cluster id per cluster name, made by whoever comes first.
 * C2  Every controller announces itself on the bus, with that id: who hears its own cluster name with another id shares the bus but
 *     not the store.
 * C3  Every controller renews a record in the store: number, whether its bus is connected, where its bus is. A record whose
 *     number goes up while we watch is of a live controller, whatever its clock or ours says.
 * C4  A live controller which says that its bus was connected all the while we watched, while ours was too, and which never was
 *     heard on it, is on another NATS. The identity or the data of a NATS server play no part, so that a restart with empty
 *     storage, or a server that is away, never looks like another one.
 */

/** The part of an object store that this needs. */
export interface IdentityStore {
  readonly url: string;
  get(key: string): Promise<{ readonly bytes: Uint8Array } | undefined>;
  put(key: string, bytes: Uint8Array): Promise<unknown>;
  putIfAbsent(key: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  delete(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<string>;
}

export interface ClusterIdentityOptions {
  readonly bus: ControlBus;
  readonly store: IdentityStore;
  readonly ports: Ports;
  readonly cluster: string;
  /** Random id of this controller process. */
  readonly controller: string;
  /** Called when the store or the bus turns out to be shared wrongly, or the store fails: the process ends with it, or logs. */
  readonly onProblem: (error: unknown) => void;
}

const startAttempts = 5;
const startPauseMs = 200;
/** This many records in a row from a live controller that isn't heard say that it is on another bus. */
const unheardRecords = 4;

interface PresenceRecord {
  readonly formatVersion: 1;
  readonly controller: string;
  readonly number: number;
  readonly connected: boolean;
  readonly busUrl: string;
}

/** A record that stood still for this many rounds is of a controller that was killed: removed. If it lives, it writes another. */
const abandonedAfterRounds = 150;

interface Watched {
  number: number;
  /** Records in a row that came while both buses were connected, without a word on ours. */
  unheard: number;
  /** Rounds in a row without a new record. */
  still: number;
}

/** One controller's part in the exchange. `start` it before anything is driven, `close` it on the way out. */
export class ClusterIdentity {
  readonly #options: ClusterIdentityOptions;
  readonly #prefix: string;
  readonly #subject: string;
  readonly #heard = new Set<string>();
  readonly #watched = new Map<string, Watched>();
  #timers: TimerHandle[] = [];
  #unsubscribe: () => void = () => undefined;
  #clusterId = '';
  #number = 0;
  #busy: Promise<void> | null = null;
  #wasConnected = true;

  constructor(options: ClusterIdentityOptions) {
    this.#options = options;
    this.#prefix = `clusters/${options.cluster}/`;
    this.#subject = controllersSubject(options.cluster);
  }

  /** Random id of the cluster as the store holds it; empty before `start`. */
  get clusterId(): string {
    return this.#clusterId;
  }

  /** Reads or makes the cluster id and begins to announce, record and watch. */
  async start(): Promise<void> {
    const { bus, ports } = this.#options;
    this.#clusterId = await this.#repeated(() => this.#readOrMakeId());
    this.#unsubscribe = bus.subscribe(this.#subject, (message) => this.#onAnnouncement(message));
    this.#announce();
    await this.#repeated(() => this.#round());
    const round = (): void => {
      this.#busy ??= this.#round()
        .catch((error: unknown) => this.#options.onProblem(error))
        .finally(() => (this.#busy = null));
    };
    this.#timers = [
      ports.timers.every(announceEveryMs, () => this.#announce()),
      ports.timers.every(recordEveryMs, round),
    ];
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#unsubscribe();
    await this.#busy;
    await this.#options.store.delete(this.#recordKey(this.#options.controller));
  }

  /** A store that gives no answer now may the next time: a start must not end for that. */
  async #repeated<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (dispositionOf(error) !== 'retry' || tried >= startAttempts) throw error;
        await this.#options.ports.timers.sleep(startPauseMs * tried);
      }
    }
  }

  /** C1 */
  async #readOrMakeId(): Promise<string> {
    const { store, ports } = this.#options;
    const key = `${this.#prefix}identity.json`;
    const made = encode({ formatVersion: 1, clusterId: ports.rng.id(16) });
    if ((await store.get(key)) === undefined) await store.putIfAbsent(key, made);
    const value = decode((await store.get(key))?.bytes);
    if (value?.['formatVersion'] === 1 && typeof value['clusterId'] === 'string') return value['clusterId'];
    throw new WeirError('WEIR-6006', `${key} in ${store.url} is no identity of a cluster`, {
      hint: 'a newer Weir may have written it; otherwise the store is damaged',
    });
  }

  #announce(): void {
    const { bus, controller, store, ports } = this.#options;
    const bytes = encode({ controller, clusterId: this.#clusterId, storeUrl: store.url });
    bus.publish(this.#subject, bytes, envelopeHeaders({ messageId: ports.rng.id(12) }));
  }

  #onAnnouncement(message: BusMessage): void {
    if (readEnvelope(message) === undefined) return;
    const { bus, cluster, controller, store, onProblem } = this.#options;
    const value = decode(message.bytes);
    const other = value?.['controller'];
    if (typeof other !== 'string' || other === controller) return;
    this.#heard.add(other);
    if (value?.['clusterId'] === this.#clusterId) return;
    onProblem(
      new WeirError(
        'WEIR-6007',
        `the cluster '${cluster}' on ${bus.url} has two stores: ${store.url} and ${String(value?.['storeUrl'])}`,
        {
          hint: 'give all processes of a cluster the same WEIR_STORE_URL, or another WEIR_CLUSTER name',
        },
      ),
    ); // C2
  }

  /** C3: writes our record, looks at those of others. */
  async #round(): Promise<void> {
    const { bus, store, controller } = this.#options;
    this.#number += 1;
    const connected = bus.connected;
    const record: PresenceRecord = {
      formatVersion: 1,
      controller,
      number: this.#number,
      connected,
      busUrl: bus.url,
    };
    await store.put(this.#recordKey(controller), encode(record));
    const steady = connected && this.#wasConnected;
    this.#wasConnected = connected;
    for await (const key of store.list(`${this.#prefix}controllers/`)) {
      if (key === this.#recordKey(controller)) continue;
      const other = readRecord((await store.get(key))?.bytes);
      if (other === undefined || other.controller === controller) continue;
      if (this.#look(other, steady) > abandonedAfterRounds) await store.delete(key);
    }
  }

  /** C4. Returns for how many rounds the record has stood still. */
  #look(record: PresenceRecord, steady: boolean): number {
    const watched = this.#watched.get(record.controller);
    if (watched === undefined) {
      this.#watched.set(record.controller, { number: record.number, unheard: 0, still: 0 });
      return 0;
    }
    const lives = record.number > watched.number;
    watched.number = record.number;
    watched.still = lives ? 0 : watched.still + 1;
    if (this.#heard.has(record.controller) || !steady || !record.connected) watched.unheard = 0;
    else if (lives) watched.unheard += 1;
    if (watched.unheard >= unheardRecords) {
      watched.unheard = 0;
      this.#tellOtherNats(record);
    }
    return watched.still;
  }

  #tellOtherNats(record: PresenceRecord): void {
    const { bus, cluster, store, onProblem } = this.#options;
    const [ours, theirs] = [bus.url, record.busUrl];
    onProblem(
      new WeirError(
        'WEIR-6008',
        `the cluster '${cluster}' in ${store.url} is used from two different NATS: ${ours} here, ${theirs} by another controller`,
        {
          hint: 'set WEIR_NATS_URL to the same NATS for all processes of a cluster, or give this one another WEIR_CLUSTER name',
        },
      ),
    );
  }

  #recordKey(controller: string): string {
    return `${this.#prefix}controllers/${controller}.json`;
  }
}

function readRecord(bytes: Uint8Array | undefined): PresenceRecord | undefined {
  const value = decode(bytes) as Partial<PresenceRecord> | undefined;
  if (value?.formatVersion !== 1 || typeof value.controller !== 'string' || typeof value.number !== 'number')
    return undefined;
  return {
    formatVersion: 1,
    controller: value.controller,
    number: value.number,
    connected: value.connected === true,
    busUrl: String(value.busUrl),
  };
}

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function decode(bytes: Uint8Array | undefined): Record<string, unknown> | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
