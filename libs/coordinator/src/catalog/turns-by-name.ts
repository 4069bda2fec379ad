/** Work by name: of one name one after the other, different names beside each other. */
export class TurnsByName {
  readonly #running = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, Promise<void>>();

  /**
   * Does `work` when what runs under the name has ended. What waits already stands for this one too: it begins later than this call.
   * @param work must not reject
   */
  run(name: string, work: () => Promise<void>): Promise<void> {
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) return waiting;
    const running = this.#running.get(name);
    if (running === undefined) return this.#begin(name, work);
    const next = running.then(() => {
      this.#waiting.delete(name);
      return this.#begin(name, work);
    });
    this.#waiting.set(name, next);
    return next;
  }

  /** Resolves when nothing runs or waits. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values(), ...this.#waiting.values()]);
  }

  #begin(name: string, work: () => Promise<void>): Promise<void> {
    const running = work().finally(() => {
      if (this.#running.get(name) === running) this.#running.delete(name);
    });
    this.#running.set(name, running);
    return running;
  }
}
