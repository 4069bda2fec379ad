import { windowMs } from './chaos-pipeline.ts';

interface InputRecord {
  readonly id: number;
  readonly k: number;
  readonly v: number;
  readonly note: string;
  readonly ts: number;
}

/** What the input's writer writes in place of some records. */
export function badText(id: number): string {
  return `bad ${id}`;
}

function isBadText(value: string): boolean {
  return value.startsWith('bad ');
}

export interface WindowTotals {
  n: number;
  total: number;
}

/** What the pipeline of chaos-pipeline.ts must have written for a committed input, worked out record by record. */
export class ExpectedOutput {
  /** The kept records by id, as text. */
  readonly kept = new Map<number, string>();
  /** Totals by `k/start`. */
  readonly windows = new Map<string, WindowTotals>();
  /** Records that nobody can read, as they are. */
  readonly dead = new Set<string>();
  #input = 0;
  #lastEventMs = 0;

  /** A committed record of the input, as it is in the topic. */
  add(value: string): void {
    this.#input += 1;
    if (isBadText(value)) {
      this.dead.add(value);
      return;
    }
    const { id, k, v, note, ts } = JSON.parse(value) as InputRecord;
    this.#lastEventMs = Math.max(this.#lastEventMs, ts);
    if (v % 10 < 7) this.kept.set(id, keptText({ id, k, twice: v * 2, note: note.toUpperCase() }));
    const key = windowKey(k, Math.floor(ts / windowMs) * windowMs);
    const window = this.windows.get(key) ?? { n: 0, total: 0 };
    window.n += 1;
    window.total += v;
    this.windows.set(key, window);
  }

  /** Leaves out the windows of the very last records: nothing closes these. */
  dropOpenWindows(): void {
    const open = Math.floor(this.#lastEventMs / windowMs) * windowMs;
    for (const key of this.windows.keys()) if (key.endsWith(`/${open}`)) this.windows.delete(key);
  }

  get input(): number {
    return this.#input;
  }
}

export function keptText(record: { id: number; k: number; twice: number; note: string }): string {
  return JSON.stringify([record.id, record.k, record.twice, record.note]);
}

export function windowKey(k: number, startMs: number): string {
  return `${k}/${startMs}`;
}
