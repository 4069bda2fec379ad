import type { SecretVault } from '@weir/connectors/connections/secret-vault.ts';
import type { SavedOption, SavedOptions } from '@weir/connectors/connections/saved-option.ts';

interface Defined {
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
}

interface Saved {
  readonly connector: string;
  readonly options: SavedOptions;
}

/** Names of the options in which the two differ, `connector` among them; secrets are compared as well. */
export async function savedDifferences(
  vault: SecretVault,
  saved: Saved,
  defined: Defined,
): Promise<string[]> {
  const differences = saved.connector === defined.connector ? [] : ['connector'];
  for (const option of new Set([...Object.keys(saved.options), ...Object.keys(defined.options)])) {
    const value = saved.options[option];
    const text = value === undefined ? undefined : await textOf(vault, value);
    if (text !== defined.options[option]) differences.push(option);
  }
  return differences;
}

function textOf(vault: SecretVault, value: SavedOption): Promise<string> | string {
  return 'secret' in value ? vault.read(value.secret) : value.text;
}
