import type { Clock } from '@weir/kernel/ports.ts';

/** Whether a bus is connected, since when it isn't, and who wants to know. */
export class ConnectionState {
  readonly #clock: Clock;
  readonly #listeners = new Set<(connected: boolean) => void>();
  #disconnectedSince: number | null = null;
  #reconnectedAt: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get connected(): boolean {
    return this.#disconnectedSince === null;
  }

  get disconnectedSince(): number | null {
    return this.#disconnectedSince;
  }

  get reconnectedAt(): number | null {
    return this.#reconnectedAt;
  }

  set(connected: boolean): void {
    if (connected === this.connected) return;
    if (connected) this.#reconnectedAt = this.#clock.nowMs();
    this.#disconnectedSince = connected ? null : this.#clock.nowMs();
    for (const listener of this.#listeners) listener(connected);
  }

  onChange(listener: (connected: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
