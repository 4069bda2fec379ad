const legalName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The names of a record's fields for these columns: as they are where Avro allows them; others with `_` for what it doesn't, and a number
 * where that makes two the same. The same columns always get the same names.
 */
export function avroNames(columns: readonly string[]): readonly string[] {
  const taken = new Set(columns.filter((name) => legalName.test(name)));
  return columns.map((column) => {
    if (legalName.test(column)) return column;
    const name = legalAvroName(column);
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}_${number}`;
    taken.add(free);
    return free;
  });
}

/** `orders-value` as `orders_value`; one that begins with a digit gets a `_` before it. */
export function legalAvroName(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}
