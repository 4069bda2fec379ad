import { idScopeOf } from './sink-ids.ts';
import type { ModelConfig } from './model-config.ts';

/** Where each component of a state stands in its row of numbers. */
export class RowLayout {
  readonly ledger = 0;
  readonly environment = 1;
  readonly width: number;
  readonly coordinators: readonly number[];
  readonly tasks: readonly TaskPlace[];
  /** By generation - 1, then sink. Generations share a place where ids aren't scoped. */
  readonly brokers: readonly (readonly number[])[];
  /** All places of brokers, once. */
  readonly brokerPlaces: readonly number[];

  constructor(config: ModelConfig) {
    let next = 2;
    const take = (): number => next++;
    this.coordinators = Array.from({ length: config.coordinators }, take);
    const generations = Array.from({ length: config.generations }, (_, index) => index + 1);
    const sinks = Array.from({ length: config.sinks }, (_, index) => index);
    const byScope = new Map<number, number[]>();
    this.brokers = generations.map((g) => {
      const scope = idScopeOf(g, config.rules);
      const places = byScope.get(scope) ?? sinks.map(take);
      byScope.set(scope, places);
      return places;
    });
    this.brokerPlaces = [...byScope.values()].flat();
    this.tasks = generations.flatMap((g) =>
      sinks.flatMap((sink) =>
        Array.from({ length: config.placements }, (_, worker) => ({
          place: take(),
          broker: this.brokerOf(g, sink),
          g,
          sink,
          worker,
        })),
      ),
    );
    this.width = next;
  }

  brokerOf(g: number, sink: number): number {
    return this.brokers[g - 1]?.[sink] ?? -1;
  }
}

export interface TaskPlace {
  readonly place: number;
  readonly broker: number;
  readonly g: number;
  readonly sink: number;
  /** Number of the worker that it would run on. */
  readonly worker: number;
}

/** The successors of one state, as rows one after the other in one buffer, with what happened. */
export class Successors {
  readonly labels: string[] = [];
  readonly actors: string[] = [];
  /** Whether the two coordinators have changed places. */
  readonly swapped: boolean[] = [];
  readonly width: number;
  rows: Uint32Array;
  #symmetric: readonly [number, number] | null;
  #source: Uint32Array = new Uint32Array(0);

  constructor(width: number, symmetric: readonly [number, number] | null) {
    this.width = width;
    this.rows = new Uint32Array(width * 64);
    this.#symmetric = symmetric;
  }

  get count(): number {
    return this.labels.length;
  }

  begin(source: Uint32Array): void {
    this.#source = source;
    this.labels.length = 0;
    this.actors.length = 0;
    this.swapped.length = 0;
  }

  /** A state that differs from the source in at most four places; no change is no step. */
  add(actor: string, label: string, p1: number, v1: number, p2 = p1, v2 = v1, p3 = p1, v3 = v1): void {
    const from = this.#source;
    if (from[p1] === v1 && from[p2] === v2 && from[p3] === v3) return;
    const at = this.labels.length * this.width;
    if (at + this.width > this.rows.length) {
      const grown = new Uint32Array(this.rows.length * 2);
      grown.set(this.rows);
      this.rows = grown;
    }
    this.rows.set(from, at);
    this.rows[at + p1] = v1;
    this.rows[at + p2] = v2;
    this.rows[at + p3] = v3;
    this.swapped.push(
      this.#symmetric !== null && this.#order(at + this.#symmetric[0], at + this.#symmetric[1]),
    );
    this.labels.push(label);
    this.actors.push(actor);
  }

  /** Two coordinators that nothing tells apart are one state in either order. */
  #order(a: number, b: number): boolean {
    const x = this.rows[a] as number;
    const y = this.rows[b] as number;
    if (x <= y) return false;
    this.rows[a] = y;
    this.rows[b] = x;
    return true;
  }
}
