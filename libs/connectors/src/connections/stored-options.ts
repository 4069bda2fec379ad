import { WeirError } from '@weir/kernel/errors.ts';
import type { Timers } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';
import type { Connector } from '../connector.ts';
import { connectorNamed } from '../connector-registry.ts';
import { withDefaults } from '../options/check-options.ts';
import { fillOptions } from '../options/fill-variables.ts';
import { maskError, optionMask } from '../options/option-mask.ts';
import { optionParts } from '../options/option-parts.ts';
import { namesFile } from '../options/pem-option.ts';
import type { ProcessAccess } from '../process-access.ts';
import { NamedRecords } from './named-records.ts';
import type { FoundProfile, OptionResolver, UnresolvedOptions } from './option-resolver.ts';
import { asReferences, referredSecret } from './saved-option.ts';
import { decodeProfile, type ProfileRecord } from './profile-record.ts';
import { SecretVault } from './secret-vault.ts';

const registryPrefix = 'schema_registry.';
/** Which schemas, not how to reach them. */
const ofSubjects = /^schema_registry\.(?:version|auto_register)$/;

interface StoredOptionsSettings {
  readonly store: ObjectStore;
  readonly cluster: string;
  readonly timers: Timers;
  readonly access: ProcessAccess;
  /** Default: connectors of this version. */
  readonly connector?: (name: string) => Connector;
}

/**
 * Looks up profiles and secrets in the store of the cluster, each time anew: no secret is sent from one process to another, and one that was
 * changed is used at the next connection.
 */
class StoredOptions implements OptionResolver {
  readonly #settings: StoredOptionsSettings;
  readonly #profiles: NamedRecords<ProfileRecord>;
  readonly #vault: SecretVault;

  constructor(settings: StoredOptionsSettings) {
    const { store, cluster, timers, access } = settings;
    this.#settings = settings;
    this.#profiles = profileRecords(store, cluster, timers);
    this.#vault = new SecretVault(store, cluster, access.secretKeys);
  }

  async resolve({ connector: name, options }: UnresolvedOptions): Promise<Record<string, string>> {
    const connector = (this.#settings.connector ?? connectorNamed)(name);
    const { connection_profile: profile, ...own } = options;
    if (profile === undefined) {
      const given = await this.open(own);
      if (isSecretIn(own)) this.#check(connector, given);
      return given;
    }
    const brought = await this.#ofProfile(profile, name);
    const { connection } = optionParts(connector);
    refuseOthers(
      profile,
      brought,
      Object.keys(own).filter((option) => connection.includes(option)),
    );
    const all = withDefaults(connector, await this.open({ ...brought, ...own }));
    this.#check(connector, all);
    return all;
  }

  async registry(options: UnresolvedOptions['options']): Promise<Record<string, string>> {
    const { connection_profile: profile, ...own } = options;
    if (profile === undefined) return this.open(own);
    const brought = Object.entries(await this.#ofProfile(profile, null)).filter(([option]) =>
      option.startsWith(registryPrefix),
    );
    const connection = Object.keys(own).filter((option) => !ofSubjects.test(option));
    refuseOthers(profile, Object.fromEntries(brought), connection);
    return this.open({ ...Object.fromEntries(brought), ...own });
  }

  async open(written: UnresolvedOptions['options']): Promise<Record<string, string>> {
    const given: Record<string, string> = {};
    for (const [option, value] of Object.entries(written)) {
      const secret = referredSecret(value);
      const text = secret === undefined ? value : await this.#vault.read(secret);
      given[option] = namesFile(option, text) ? this.#file(option, text) : text;
    }
    return given;
  }

  async findProfile(name: string): Promise<FoundProfile | undefined> {
    const record = await this.#profiles.get(name);
    if (record === undefined) return undefined;
    return {
      name: record.name,
      id: record.id,
      connector: record.connector,
      options: asReferences(record.options),
    };
  }

  async #ofProfile(name: string, connector: string | null): Promise<Readonly<Record<string, string>>> {
    const record = await this.findProfile(name);
    if (record === undefined) {
      throw new WeirError('WEIR-3600', `there is no connection profile '${name}'`, {
        hint: 'weir profile list shows those that there are; weir profile create makes one',
      });
    }
    if (connector !== null && record.connector !== connector) {
      throw new WeirError(
        'WEIR-3600',
        `the connection profile '${name}' is of the connector '${record.connector}', the table's is '${connector}'`,
      );
    }
    return record.options;
  }

  #file(option: string, value: string): string {
    const folder = this.#settings.access.secretsFolder;
    if (folder !== null) return folder.file(option, value);
    throw new WeirError(
      'WEIR-3604',
      `option '${option}' is no PEM text (-----BEGIN …), and this process has no folder from which files are read`,
      { hint: 'write the PEM text, or set WEIR_SECRETS_DIR (--secrets-dir) on every process' },
    );
  }

  /** What came from elsewhere is checked as if it stood in the table: a profile may have been edited since. */
  #check(connector: Connector, options: Readonly<Record<string, string>>): void {
    const { variables } = this.#settings.access;
    const mask = optionMask(optionParts(connector).secret, options, variables);
    try {
      const filled = fillOptions(connector.tableOptions, options, variables);
      const [issue] = connector.check?.(filled) ?? [];
      if (issue === undefined) return;
      throw new WeirError(
        'WEIR-3005',
        `${issue.message} (option '${issue.option}')`,
        issue.hint === undefined ? {} : { hint: issue.hint },
      );
    } catch (error) {
      throw mask === null ? error : maskError(error, mask);
    }
  }
}

function isSecretIn(options: UnresolvedOptions['options']): boolean {
  return Object.values(options).some((value) => referredSecret(value) !== undefined);
}

/** A profile's secrets go to the servers that it names: nobody brings others beside it. A registry may be added where it has none. */
function refuseOthers(profile: string, brought: UnresolvedOptions['options'], own: readonly string[]): void {
  const hasRegistry = brought[`${registryPrefix}endpoint`] !== undefined;
  const other = own.find((option) => hasRegistry || !option.startsWith(registryPrefix));
  if (other === undefined) return;
  throw new WeirError(
    'WEIR-3605',
    `'${other}' stands beside the connection profile '${profile}', which says the connection`,
    {
      hint: 'leave one of the two out',
    },
  );
}

export function profileRecords(
  store: ObjectStore,
  cluster: string,
  timers: Timers,
): NamedRecords<ProfileRecord> {
  return new NamedRecords(store, cluster, timers, { folder: 'profiles', decode: decodeProfile });
}

/** The access of a process to which the catalog of its cluster is open. */
export function withCatalog(
  access: ProcessAccess,
  catalog: Omit<StoredOptionsSettings, 'access'>,
): ProcessAccess {
  return { ...access, options: new StoredOptions({ ...catalog, access }) };
}
