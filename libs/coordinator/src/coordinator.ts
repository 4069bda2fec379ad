import { catalogEveryMs } from '@weir/control-bus/controller-rhythm.ts';
import { describeError } from '@weir/kernel/errors.ts';
import type { TimerHandle } from '@weir/kernel/ports.ts';
import type { CoordinatorContext } from './coordinator-context.ts';
import { JobDriver } from './job/job-driver.ts';

/** Drives the pipelines of a cluster: a driver for every entry of the catalog. */
export class Coordinator {
  readonly context: CoordinatorContext;
  readonly #drivers = new Map<string, JobDriver>();
  readonly #created = new Set<string>();
  #timer: TimerHandle | null = null;
  #unlisten: (() => void)[] = [];
  #looking: Promise<void> = Promise.resolve();
  #closed = false;
  #trouble: string | null = null;

  constructor(context: CoordinatorContext) {
    this.context = context;
  }

  /** Reads the catalog and begins to drive. */
  async start(): Promise<void> {
    const { catalog, ports } = this.context;
    this.#unlisten.push(catalog.onChange((name) => void this.#look(name)));
    await this.#lookAtAll();
    this.#timer = ports.timers.every(catalogEveryMs, () => void this.#lookAtAll());
  }

  /** Why the catalog can't be read, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  driver(name: string): JobDriver | undefined {
    return this.#drivers.get(name);
  }

  get drivers(): readonly JobDriver[] {
    return [...this.#drivers.values()];
  }

  /** This process has created the pipeline: its driver needn't listen for others first. */
  createdHere(id: string): void {
    this.#created.add(id);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    for (const unlisten of this.#unlisten) unlisten();
    await this.#looking;
    await Promise.all([...this.#drivers.values()].map((driver) => driver.close()));
    this.#drivers.clear();
  }

  #lookAtAll(): Promise<void> {
    return this.#inTurn(async () => {
      const names = new Set(await this.context.catalog.names());
      for (const name of new Set([...names, ...this.#drivers.keys()])) await this.#lookAt(name);
    });
  }

  #look(name: string): Promise<void> {
    this.#drivers.get(name)?.tellWish();
    return this.#inTurn(() => this.#lookAt(name));
  }

  /** One look after the other: two at once could make two drivers of one pipeline. */
  #inTurn(look: () => Promise<void>): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      if (this.#closed) return;
      try {
        await look();
        this.#trouble = null;
      } catch (error) {
        const trouble = describeError(error);
        if (trouble !== this.#trouble) this.context.log.warn({ error: trouble }, "the catalog can't be read");
        this.#trouble = trouble;
      }
    });
    return this.#looking;
  }

  async #lookAt(name: string): Promise<void> {
    const record = await this.context.catalog.get(name);
    const driver = this.#drivers.get(name);
    if (driver !== undefined && record?.id === driver.record.id) return driver.recordChanged(record);
    if (driver !== undefined) {
      this.#drivers.delete(name);
      this.context.slots.release(driver.record.id);
      await driver.close();
    }
    if (record === undefined || this.#closed) return;
    const isNew = this.#created.delete(record.id);
    const onWish = (): void => void this.#inTurn(() => this.#lookAt(name));
    this.#drivers.set(name, new JobDriver(this.context, record, { isNew, onWish, onDeleted: onWish }));
  }
}
