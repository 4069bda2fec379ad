import { CatalogWatch } from './catalog/catalog-watch.ts';
import type { CoordinatorContext } from './coordinator-context.ts';
import { JobDriver } from './job/job-driver.ts';

/** Drives the pipelines of a cluster: a driver for every entry of the catalog. */
export class Coordinator {
  readonly context: CoordinatorContext;
  readonly #drivers = new Map<string, JobDriver>();
  readonly #created = new Set<string>();
  readonly #watch: CatalogWatch;
  #closed = false;

  constructor(context: CoordinatorContext) {
    this.context = context;
    this.#watch = new CatalogWatch({
      ...context,
      known: () => this.#drivers.keys(),
      look: (name) => this.#lookAt(name),
    });
  }

  /** Reads the catalog and begins to drive. */
  start(): Promise<void> {
    return this.#watch.start();
  }

  /** Why the catalog can't be read, or null. */
  get trouble(): string | null {
    return this.#watch.trouble;
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
    await this.#watch.close();
    await Promise.all([...this.#drivers.values()].map((driver) => driver.close()));
    this.#drivers.clear();
  }

  /** Never twice at once for one name: that could make two drivers of one pipeline. */
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
    const onDeleted = (): void => void this.#watch.look(name);
    this.#drivers.set(name, new JobDriver(this.context, record, { isNew, onDeleted }));
  }
}
