/** An option as the catalog keeps it: text, which may hold {{ VARIABLES }}, or the id of a SecretRecord. */
export type SavedOption = { readonly text: string } | { readonly secret: string };

export type SavedOptions = Readonly<Record<string, SavedOption>>;

const reference = /^\{\{secret:([0-9a-z]{1,40}\.[0-9a-f]{32})\}\}$/;
const anyReference = /\{\{\s*secret\s*:/iu;

/** `{{secret:id}}`: what stands for a secret in a text, a plan and a ledger. */
export function secretReference(id: string): string {
  return `{{secret:${id}}}`;
}

/** The id that a value stands for; undefined when it is a value of its own. */
export function referredSecret(value: string): string | undefined {
  return reference.exec(value)?.[1];
}

/** A person may not write this: who knows or guesses an id would read another's secret. */
export function namesSecret(value: string): boolean {
  return anyReference.test(value);
}

/** As options of a table stand in plans: secrets by reference. */
export function asReferences(options: SavedOptions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([option, value]) => [
      option,
      'secret' in value ? secretReference(value.secret) : value.text,
    ]),
  );
}

/** The ids of all secrets that the options stand for. */
export function secretsIn(options: SavedOptions): string[] {
  return Object.values(options).flatMap((value) => ('secret' in value ? [value.secret] : []));
}
