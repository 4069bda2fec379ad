/**
 * What an idle subtask waits for: anything that may give it work again (rows, room, a barrier, time) notifies. A notification
 * between two waits is kept, so none is lost; the waiter looks at everything again after each.
 */
export class Wakeup {
  #notified = false;
  #resolve: (() => void) | null = null;

  /** Bound, so that it can be handed over as a callback. */
  readonly notify = (): void => {
    this.#notified = true;
    const resolve = this.#resolve;
    this.#resolve = null;
    resolve?.();
  };

  async wait(): Promise<void> {
    if (!this.#notified) await new Promise<void>((resolve) => (this.#resolve = resolve));
    this.#notified = false;
  }
}
