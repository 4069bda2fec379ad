import { SimRandom } from './sim-random.ts';

interface SimEvent {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** A turn of the real event loop: all microtasks are run to their end. Taken before anything patches it. */
const realTurn = globalThis.setImmediate;

/** Virtual wall time at which every simulation begins. */
export const simEpochMs = 1_700_000_000_000;

/**
 * Virtual time and the order of everything that happens. Nothing happens but by an event; between two events all promises are driven
 * to where they wait for another event. So a run is a function of its seed.
 */
export class SimWorld {
  readonly seed: string;
  /** Latencies and losses; scenarios draw from streams of their own. */
  readonly random: SimRandom;
  /** Milliseconds since the beginning of the simulation. */
  nowMs = 0;
  /** Events so far. */
  steps = 0;
  /** Told what happens, for traces and to compare runs. */
  onTrace: (line: string) => void = () => {};
  #order = 0;
  readonly #heap: SimEvent[] = [];

  constructor(seed: string) {
    this.seed = seed;
    this.random = new SimRandom(`${seed}/world`);
  }

  trace(who: string, what: string): void {
    this.onTrace(`${this.nowMs.toFixed(2).padStart(10)} ${who.padEnd(5)} ${what}`);
  }

  /** Runs `run` after so many virtual milliseconds. */
  after(delayMs: number, run: () => void): void {
    this.#push({ atMs: this.nowMs + Math.max(0, delayMs), order: (this.#order += 1), run });
  }

  /** Lets time pass until `done`, or until `limitMs` (since the beginning). @returns whether it became done */
  async run(limitMs: number, done: () => boolean): Promise<boolean> {
    await new Promise((resolve) => realTurn(resolve));
    while (!done()) {
      const event = this.#heap[0];
      if (event === undefined || event.atMs > limitMs) {
        this.nowMs = Math.max(this.nowMs, limitMs);
        return done();
      }
      this.#pop();
      this.nowMs = Math.max(this.nowMs, event.atMs);
      this.steps += 1;
      event.run();
      await new Promise((resolve) => realTurn(resolve));
    }
    return true;
  }

  #push(event: SimEvent): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as SimEvent;
      if (!isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as SimEvent;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const isRight = right < heap.length && isBefore(heap[right] as SimEvent, heap[left] as SimEvent);
      const child = isRight ? right : left;
      if (!isBefore(heap[child] as SimEvent, last)) break;
      heap[at] = heap[child] as SimEvent;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
