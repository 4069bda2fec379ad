import { WeirError } from '@weir/kernel/errors.ts';
import { referredSecret } from './saved-option.ts';

/** A table's connector and its options as they stand in a plan. */
export interface UnresolvedOptions {
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
}

/** A connection profile, its secrets by reference. */
export interface FoundProfile {
  readonly name: string;
  readonly id: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Puts in the place of `connection_profile` and secrets what they stand for. Asked each time that something is reached. */
export interface OptionResolver {
  /**
   * The options with those of the profile and with secrets; `{{ VARIABLES }}` are still in them.
   * @throws WeirError WEIR-3600 for a profile that isn't there, WEIR-3601, WEIR-3602 for a secret that can't be read, WEIR-3604 for a file
   * that can't, WEIR-3001, WEIR-3004, WEIR-3005 for a variable
   */
  resolve(table: UnresolvedOptions): Promise<Record<string, string>>;
  /** Secrets and files in the place of what names them; a profile has no part in it. */
  open(options: UnresolvedOptions['options']): Promise<Record<string, string>>;
  /** As `resolve`, of the options by which a schema registry is reached: `schema_registry.*`, and `connection_profile`. */
  registry(options: UnresolvedOptions['options']): Promise<Record<string, string>>;
  findProfile(name: string): Promise<FoundProfile | undefined>;
}

/** Of a process that has no catalog: all options are the table's own. */
export const ownOptions: OptionResolver = {
  resolve: ({ options }) => ownOnly(options),
  open: ownOnly,
  registry: ownOnly,
  findProfile: async () => undefined,
};

async function ownOnly(options: UnresolvedOptions['options']): Promise<Record<string, string>> {
  const profile = options['connection_profile'];
  if (profile === undefined && !Object.values(options).some((value) => referredSecret(value) !== undefined))
    return { ...options };
  throw new WeirError('WEIR-3600', `the connection profile '${profile ?? ''}' can't be looked up here`, {
    hint: 'this process has no store: run a cluster (weir up), or write the options into the table',
  });
}
