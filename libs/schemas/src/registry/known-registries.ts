import type { RegistryRef } from '@weir/connectors/registry-ref.ts';
import type { WriterSchemas } from '@weir/formats/writer-schemas.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import { ProcessWriterSchemas } from './process-writer-schemas.ts';
import { contextOf } from './subject-names.ts';
import type { WriterSchemaSource } from './writer-schema-source.ts';

/** The registries whose schemas a process knows: one ProcessWriterSchemas for each, and each of its contexts, whatever tables share it. */
export class KnownRegistries {
  readonly #ports: Ports;
  readonly #sourceOf: (registry: RegistryRef) => WriterSchemaSource;
  readonly #known = new Map<string, ProcessWriterSchemas>();

  /** @param sourceOf where a schema comes from that the process does not know yet */
  constructor(ports: Ports, sourceOf: (registry: RegistryRef) => WriterSchemaSource) {
    this.#ports = ports;
    this.#sourceOf = sourceOf;
  }

  /** Tables that write their credentials in other words have schemas of their own: those of one may be wrong. */
  readonly writerSchemas = (registry: RegistryRef): WriterSchemas => {
    const options = Object.entries(registry.options).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([contextOf(registry.subject ?? ''), options]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = new ProcessWriterSchemas(this.#sourceOf(registry), this.#ports, {
      registry:
        registry.options['schema_registry.endpoint'] ??
        `of the profile '${registry.options['connection_profile'] ?? ''}'`,
    });
    this.#known.set(key, made);
    return made;
  };

  /** Ends all that is being fetched. */
  close(): void {
    for (const schemas of this.#known.values()) schemas.close();
  }
}
