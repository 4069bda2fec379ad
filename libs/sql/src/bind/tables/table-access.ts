import type { TableAccess } from '@weir/plan/table-spec.ts';
import type { TableResolution } from '../../catalog/connector-catalog.ts';

type Resolved = Extract<TableResolution, { readonly kind: 'resolved' }>;

/** How a resolved table is reached and its records are read, its options sorted by what they are about. */
export function accessOf(table: string, connector: string, resolution: Resolved): TableAccess {
  const { parts, options } = resolution;
  const given = (names: readonly string[]): string[] => names.filter((name) => options[name] !== undefined);
  const { format } = options;
  return {
    specVersion: 1,
    table,
    connector,
    options,
    connection: { profile: options['connection_profile'] ?? null, options: given(parts.connection) },
    format: format === undefined ? null : { name: format, options: given(parts.format) },
    secrets: given(parts.secret),
  };
}
