import type { ConnectorLog } from '@weir/connectors/connector.ts';
import { discreet } from '@weir/connectors/options/discreet.ts';
import { fillOptions } from '@weir/connectors/options/fill-variables.ts';
import { optionMask, type Mask } from '@weir/connectors/options/option-mask.ts';
import type { RegistryRef } from '@weir/connectors/registry-ref.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import { RegistryClient } from './registry-client.ts';
import { registrySettings, type RegistrySettings } from './registry-settings.ts';
import { RegistryTransport, type TransportLimits } from './registry-transport.ts';
import { RegistryWriterSchemas } from './registry-writer-schemas.ts';
import { StoredWriterSchemas } from './stored-writer-schemas.ts';
import { contextOf } from './subject-names.ts';
import type { WriterSchemaSource } from './writer-schema-source.ts';

export interface RegistryPoolSettings {
  readonly cluster: string;
  /** What options name is looked up there at each use: profiles, secrets, variables. */
  readonly access: ProcessAccess;
  /** Where fetched schemas are kept; null: they are fetched anew. */
  readonly store: ObjectStore | null;
  /** Of calls to a registry; left out: the usual ones. */
  readonly limits?: Partial<TransportLimits>;
  readonly log: ConnectorLog;
}

interface Pooled {
  readonly client: RegistryClient;
  readonly settings: RegistrySettings;
}

const secrets = ['schema_registry.api_secret', 'schema_registry.bearer_token', 'schema_registry.tls.key'];

const troubleEveryMs = 60_000;

/** Registries to which connections are kept open at most; those used least recently go. */
const mostOpen = 64;

/** The registries that a process talks to, by the options that name them: one client for equal ones. */
export class RegistryPool {
  readonly ports: Ports;
  readonly #settings: RegistryPoolSettings;
  readonly #open = new Map<string, Pooled>();
  #storeTroubleToldMs = -Infinity;

  constructor(ports: Ports, settings: RegistryPoolSettings) {
    this.ports = ports;
    this.#settings = settings;
  }

  /**
   * @param options `schema_registry.*` as they were written, or `connection_profile`
   * @throws WeirError WEIR-3500 when they name no registry, WEIR-3001 for a variable that is not set, and what OptionResolver throws
   */
  async client(options: Readonly<Record<string, string>>): Promise<RegistryClient> {
    return (await this.#pooled(options)).client;
  }

  /** Schemas of the context that the subject is in: from the store where they are there, else from the registry. */
  async writerSchemas(
    options: Readonly<Record<string, string>>,
    subject: string | undefined,
  ): Promise<WriterSchemaSource> {
    const { client, settings } = await this.#pooled(options);
    const registry = new RegistryWriterSchemas(client, subject);
    const { store, cluster } = this.#settings;
    if (store === null) return registry;
    return new StoredWriterSchemas(
      store,
      { cluster, urls: settings.urls, context: contextOf(subject ?? '') },
      registry,
      this.#onStoreTrouble,
    );
  }

  /** A store that is away is away for every schema: said once a minute. */
  readonly #onStoreTrouble = (error: unknown): void => {
    const now = this.ports.clock.monotonicMs();
    if (now < this.#storeTroubleToldMs + troubleEveryMs) return;
    this.#storeTroubleToldMs = now;
    this.#settings.log.warn(
      { error: describeError(error) },
      'schemas can not be kept in the store or read from it: the registry is asked each time',
    );
  };

  /** As `writerSchemas`, with what variables hold when a schema is fetched: what they lack is an error of the fetch. */
  sourceOf({ options, subject }: RegistryRef): WriterSchemaSource {
    return {
      fetch: async (identity, signal) => (await this.writerSchemas(options, subject)).fetch(identity, signal),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ client }) => client.close()));
    this.#open.clear();
  }

  /** By what is filled in: a secret that has changed makes a new client. */
  async #pooled(written: Readonly<Record<string, string>>): Promise<Pooled> {
    const { variables, options: saved } = this.#settings.access;
    const options = await saved.registry(written);
    const filled = fillOptions({}, options, variables);
    const key = JSON.stringify(Object.entries(filled).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const pooled = this.#open.get(key) ?? this.#connect(filled, optionMask(secrets, options, variables));
    this.#open.delete(key);
    this.#open.set(key, pooled);
    this.#closeOldest();
    return pooled;
  }

  /** @param mask hides in errors what the options must not give away */
  #connect(filled: Readonly<Record<string, string>>, mask: Mask | null): Pooled {
    const settings = registrySettings(filled);
    if (settings === undefined) {
      throw new WeirError('WEIR-3500', "no schema registry is named: 'schema_registry.endpoint' is missing", {
        hint: "add 'schema_registry.endpoint' = 'https://…'",
      });
    }
    const transport = new RegistryTransport(settings, this.ports, this.#settings.limits);
    return { client: new RegistryClient(mask === null ? transport : discreet(transport, mask)), settings };
  }

  #closeOldest(): void {
    for (const [key, { client }] of this.#open) {
      if (this.#open.size <= mostOpen) return;
      this.#open.delete(key);
      void client.close();
    }
  }
}
