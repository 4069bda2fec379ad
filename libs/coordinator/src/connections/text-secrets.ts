import type { SecretVault } from '@weir/connectors/connections/secret-vault.ts';
import { namesSecret, referredSecret, secretReference } from '@weir/connectors/connections/saved-option.ts';
import { redacted, redactSql, isVariable, type SecretOptions } from '@weir/sql/redact-sql.ts';

type Options = Readonly<Record<string, string>>;

/**
 * The secrets that stand in a text, stored before anything that refers to them: `{{secret:id}}` takes their place in the plan and in the text
 * that is kept. One that is no more than a variable stays.
 */
export class TextSecrets {
  readonly #vault: SecretVault;
  readonly #owner: string;
  readonly #secretsOf: SecretOptions;
  /** Option and value -> id. */
  readonly #kept = new Map<string, string>();

  /** @param owner id of the pipeline, profile or table that they are for */
  constructor(vault: SecretVault, owner: string, secretsOf: SecretOptions) {
    this.#vault = vault;
    this.#owner = owner;
    this.#secretsOf = secretsOf;
  }

  /** The options of a table or profile of the connector, secrets by reference. */
  async withReferences(connector: string, options: Options): Promise<Record<string, string>> {
    const secrets = this.#secretsOf(connector) ?? [];
    const referring: Record<string, string> = {};
    for (const [option, value] of Object.entries(options)) {
      const keeps = secrets.includes(option) && value !== '' && !isVariable(value) && !namesSecret(value);
      referring[option] = keeps ? secretReference(await this.#idOf(option, value)) : value;
    }
    return referring;
  }

  /** The reference is of one of its owner's secrets: the text was kept before. */
  owns(value: string): boolean {
    return referredSecret(value)?.startsWith(`${this.#owner}.`) ?? false;
  }

  async #idOf(option: string, value: string): Promise<string> {
    const key = keyOf(option, value);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const id = await this.#vault.keep(this.#owner, value);
    this.#kept.set(key, id);
    return id;
  }

  /** The text as it may be kept. */
  inText(sql: string): string {
    const text = redactSql(sql, this.#secretsOf, (option, value) => {
      const id = this.#kept.get(keyOf(option, value));
      return id === undefined ? redacted : secretReference(id);
    });
    return text ?? '';
  }

  /** Nothing refers to them: they go. */
  forget(): Promise<void> {
    return this.#vault.forget([...this.#kept.values()]);
  }
}

function keyOf(option: string, value: string): string {
  return `${option}\0${value}`;
}
