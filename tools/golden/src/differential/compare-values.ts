import type { Kind } from './random-sql.ts';

/** Rows as text, sorted; two results are alike when these are. */
export function normalRows(rows: readonly (readonly unknown[])[], kinds: readonly Kind[]): string[] {
  return rows
    .map((row) => row.map((value, index) => normalValue(value, kinds[index] ?? 'text')).join(' | '))
    .toSorted();
}

/** A value of either side in one form. Doubles keep twelve digits: sums depend on the order of rows. */
function normalValue(value: unknown, kind: Kind): string {
  if (value === null || value === undefined) return 'NULL';
  switch (kind) {
    case 'integer':
      return BigInt(String(value)).toString();
    case 'decimal':
      return normalDecimal(String(value));
    case 'double': {
      const number = Number(value);
      return number === 0 ? '0' : number.toPrecision(12);
    }
    case 'timestamp':
      return normalTimestamp(String(value));
    case 'text':
    case 'boolean':
    case 'date':
      return JSON.stringify(String(value));
  }
}

function normalDecimal(text: string): string {
  const trimmed = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return trimmed === '-0' ? '0' : trimmed;
}

function normalTimestamp(text: string): string {
  const [, whole = '', fraction = ''] = /^(.{19})(?:\.(\d+))?Z?$/.exec(text.replace('T', ' ')) ?? [];
  return `${whole}.${fraction.padEnd(6, '0')}`;
}

/** A line of JSON as values; numbers stay text, with all digits. */
export function parseExactly(line: string): unknown[] {
  const row = JSON.parse(line, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source : value,
  ) as Record<string, unknown>;
  return Object.values(row);
}
