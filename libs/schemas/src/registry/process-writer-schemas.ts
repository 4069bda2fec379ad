import type { SchemaIdentity, WriterSchema, WriterSchemas } from '@weir/formats/writer-schemas.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import { describeIdentity, type WriterSchemaSource } from './writer-schema-source.ts';

export interface WriterSchemaSettings {
  /** For messages: the registry. */
  readonly registry: string;
  /** How long a registry must go on answering that it has no such schema until that is believed: a follower may lag. */
  readonly schemaWaitMs?: number;
  /** Schemas kept in memory at most; those used least recently go. */
  readonly most?: number;
}

interface Wanted {
  readonly identity: SchemaIdentity;
  readonly sinceMs: number;
  /** Monotonic time of the last wish. */
  wishedAtMs: number;
  problem: string;
  /** Monotonic time of the first of the answers "no such schema" that nothing else has come between. */
  absentSinceMs: number | undefined;
  readonly abort: AbortController;
}

const defaultWaitMs = 60_000;
const defaultMost = 10_000;
const firstPauseMs = 200;
const longestPauseMs = 10_000;
const longestWishMs = 300_000;

/**
 * The schemas of writers that a process knows of one registry and context.
 *
 * S1 One fetch a schema at a time, however often it is wanted; a schema that was fetched is never asked for again while it is kept.
 * S2 A registry that gives no answer, or refuses who asks, is asked for ever: only its own "no such schema", and that for `schemaWaitMs`
 *    without another answer between, makes records bad data.
 * S3 What was refused is forgotten after as long again, so that a schema that comes late is found without a restart.
 * S4 What nobody waits for, or has wished for in a while, is not asked for any more: the pipeline that did is gone.
 */
export class ProcessWriterSchemas implements WriterSchemas {
  readonly #source: WriterSchemaSource;
  readonly #ports: Ports;
  readonly #settings: Required<WriterSchemaSettings>;
  readonly #known = new Map<string, WriterSchema>();
  readonly #refused = new Map<string, { readonly error: WeirError; readonly untilMs: number }>();
  readonly #wanted = new Map<string, Wanted>();
  #waiters: (() => void)[] = [];
  #closed = false;

  constructor(source: WriterSchemaSource, ports: Ports, settings: WriterSchemaSettings) {
    this.#source = source;
    this.#ports = ports;
    this.#settings = { schemaWaitMs: defaultWaitMs, most: defaultMost, ...settings };
  }

  get(identity: SchemaIdentity): WriterSchema | undefined {
    const name = describeIdentity(identity);
    const known = this.#known.get(name);
    if (known === undefined) return undefined;
    this.#known.delete(name);
    this.#known.set(name, known);
    return known;
  }

  want(identity: SchemaIdentity): void {
    const name = describeIdentity(identity);
    const asked = this.#wanted.get(name);
    if (asked !== undefined) asked.wishedAtMs = this.#ports.clock.monotonicMs();
    if (this.#closed || asked !== undefined || this.#known.has(name)) return;
    if (this.refused(identity) !== undefined) return;
    const wanted: Wanted = {
      identity,
      sinceMs: this.#ports.clock.nowMs(),
      wishedAtMs: this.#ports.clock.monotonicMs(),
      problem: 'it is being fetched',
      absentSinceMs: undefined,
      abort: new AbortController(),
    };
    this.#wanted.set(name, wanted);
    void this.#fetch(name, wanted);
  }

  refused(identity: SchemaIdentity): WeirError | undefined {
    const name = describeIdentity(identity);
    const refusal = this.#refused.get(name);
    if (refusal === undefined) return undefined;
    if (this.#ports.clock.monotonicMs() < refusal.untilMs) return refusal.error;
    this.#refused.delete(name);
    return undefined;
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = () => {
        signal.removeEventListener('abort', done);
        this.#waiters = this.#waiters.filter((waiter) => waiter !== done);
        resolve();
      };
      signal.addEventListener('abort', done);
      this.#waiters.push(done);
    });
  }

  waiting(): readonly { identity: SchemaIdentity; sinceMs: number; problem: string }[] {
    return [...this.#wanted.values()].map(({ identity, sinceMs, problem }) => ({
      identity,
      sinceMs,
      problem,
    }));
  }

  /** Ends all fetches. Nothing is fetched any more. */
  close(): void {
    this.#closed = true;
    for (const { abort } of this.#wanted.values()) abort.abort();
    this.#wanted.clear();
    this.#tell();
  }

  async #fetch(name: string, wanted: Wanted): Promise<void> {
    const { signal } = wanted.abort;
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      const done = await this.#attempt(name, wanted);
      if (done || signal.aborted) return;
      const quietMs = this.#ports.clock.monotonicMs() - wanted.wishedAtMs;
      if (this.#waiters.length === 0 && quietMs > longestWishMs) {
        this.#end(name);
        return;
      }
      try {
        await this.#ports.timers.sleep(pauseMs * (0.5 + this.#ports.rng.next() / 2), signal);
      } catch {
        return;
      }
    }
  }

  /** True when there is nothing more to ask. */
  async #attempt(name: string, wanted: Wanted): Promise<boolean> {
    let schema: WriterSchema | undefined;
    try {
      schema = await this.#source.fetch(wanted.identity, wanted.abort.signal);
    } catch (error) {
      if (wanted.abort.signal.aborted) return true;
      wanted.problem = problemOf(error);
      wanted.absentSinceMs = undefined;
      return false;
    }
    if (wanted.abort.signal.aborted) return true;
    if (schema !== undefined) {
      this.#known.set(name, schema);
      const oldest = this.#known.size > this.#settings.most ? this.#known.keys().next().value : undefined;
      if (oldest !== undefined) this.#known.delete(oldest);
      this.#end(name);
      return true;
    }
    return this.#absent(name, wanted);
  }

  #absent(name: string, wanted: Wanted): boolean {
    const nowMs = this.#ports.clock.monotonicMs();
    wanted.absentSinceMs ??= nowMs;
    wanted.problem = `registry ${this.#settings.registry} says that it has no schema with ${name}`;
    if (nowMs - wanted.absentSinceMs < this.#settings.schemaWaitMs) return false;
    const error = new WeirError(
      'WEIR-3131',
      `the record names the schema with ${name}, and registry ${this.#settings.registry} has answered for ${Math.round(this.#settings.schemaWaitMs / 1000)} s that there is none`,
      { hint: 'the schema was deleted for good, or the record comes from a producer with another registry' },
    );
    this.#refused.set(name, { error, untilMs: nowMs + this.#settings.schemaWaitMs });
    this.#end(name);
    return true;
  }

  #end(name: string): void {
    this.#wanted.delete(name);
    this.#tell();
  }

  #tell(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }
}

/** What is wrong, and what can be done: whoever reads it sees neither the error nor the registry. */
function problemOf(error: unknown): string {
  const hint = error instanceof WeirError ? error.hint : undefined;
  return `${describeError(error)}${hint === undefined ? '' : ` (${hint})`}`;
}
