import type { Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { formatType, bigintType, intType, textType, timestampType } from '@weir/columnar/sql-type.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import { sourceChanges } from '@weir/plan/change-mode.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import type {
  ConnectorCatalog,
  MetadataKey,
  TableChanges,
  TableOptionIssue,
  TableRequest,
  TableResolution,
} from '../catalog/connector-catalog.ts';

const headersType: SqlType = {
  kind: 'list',
  element: {
    name: 'element',
    type: {
      kind: 'struct',
      fields: [
        { name: 'key', type: textType, nullable: false },
        { name: 'value', type: { kind: 'bytes' }, nullable: true },
      ],
    },
    nullable: false,
  },
};

const kafkaMetadata: Readonly<Record<string, MetadataKey>> = {
  offset: { type: bigintType, nullable: false, writable: false },
  partition: { type: intType, nullable: false, writable: false },
  topic: { type: textType, nullable: false, writable: false },
  timestamp: { type: timestampType, nullable: false, writable: true },
  key: { type: { kind: 'bytes' }, nullable: true, writable: true },
  headers: { type: headersType, nullable: false, writable: true },
};

const bidSchema: Schema = {
  fields: [
    { name: 'auction', type: bigintType, nullable: false },
    { name: 'price', type: bigintType, nullable: false },
    { name: 'datetime', type: timestampType, nullable: false },
  ],
  eventTime: 2,
};

const optionNames = [
  'bootstrap_servers',
  'topic',
  'type',
  'format',
  'source.offset',
  'sink.commit_mode',
  'path',
  'event_time_field',
  'watermark_field',
  'idle_time',
  'json.schema',
  'auth.password',
  'sink.compression',
  'changes',
  'bad_data',
  'dead_letter.topic',
];

interface Abilities {
  readonly canRead: boolean;
  readonly canWrite: boolean;
  readonly metadata: Readonly<Record<string, MetadataKey>>;
  readonly schema: Schema | null;
  readonly singleWriter?: boolean;
}

const connectors: Readonly<Record<string, Abilities>> = {
  kafka: { canRead: true, canWrite: true, metadata: kafkaMetadata, schema: null },
  single_file: { canRead: true, canWrite: true, metadata: {}, schema: null, singleWriter: true },
  nexmark: { canRead: true, canWrite: false, metadata: {}, schema: bidSchema },
  blackhole: { canRead: false, canWrite: true, metadata: {}, schema: null },
  changelog: { canRead: true, canWrite: true, metadata: {}, schema: null },
  stdout: { canRead: false, canWrite: true, metadata: {}, schema: null },
};

/** A catalog like the real one, for tests of the compiler alone. */
export const testCatalog: ConnectorCatalog = {
  resolveTable: (request) => Promise.resolve(resolve(request)),
};

/** As formats do: JSON has no intervals; a format of tests writes MAPs and can't read them. */
function unfit(
  schema: Schema | null,
  options: TableRequest['options'],
  use: TableRequest['use'],
): TableOptionIssue[] {
  const refused = options['format'] === 'json' ? 'interval' : 'map';
  if (options['format'] === undefined || (refused === 'map' && use !== 'read')) return [];
  return (schema?.fields ?? []).flatMap(({ name, type }) => {
    const message = `${options['format']} has no form for ${formatType(type)}`;
    return type.kind === refused ? [{ option: null, column: name, message, hint: 'cast it to TEXT' }] : [];
  });
}

/** `changelog` tables say by an option what they give and take. */
function changesOf(connector: string, options: TableRequest['options']): TableChanges {
  if (connector === 'blackhole') return { gives: 'append', takes: 'any' };
  const mode = connector === 'changelog' ? options['changes'] : undefined;
  const known = sourceChanges.find((each) => each === mode) ?? 'append';
  return { gives: known, takes: known };
}

function resolve({ connector, options, schema, use }: TableRequest): TableResolution {
  const abilities = connectors[connector];
  if (abilities === undefined) return { kind: 'unknown_connector', connectors: Object.keys(connectors) };
  const issues = Object.keys(options).flatMap((option): TableOptionIssue[] => {
    if (optionNames.includes(option)) return [];
    const hint = suggest(option, optionNames, 'options');
    const issue = { option, message: `connector '${connector}' has no option '${option}'` };
    return [hint === undefined ? issue : { ...issue, hint }];
  });
  if (connector === 'kafka' && options['topic'] === undefined) {
    issues.push({ option: null, message: "connector 'kafka' needs the option 'topic'" });
  }
  issues.push(...unfit(schema, options, use));
  const { canRead, canWrite, metadata, singleWriter = false } = abilities;
  return {
    kind: 'resolved',
    options,
    issues,
    canRead,
    canWrite,
    metadata,
    singleWriter,
    schema: schema === null ? abilities.schema : null,
    pinned: nothingPinned,
    notes: [],
    changes: changesOf(connector, options),
    parts: {
      connection: ['bootstrap_servers', 'auth.password'],
      format: ['json.schema'],
      secret: ['auth.password'],
    },
  };
}
