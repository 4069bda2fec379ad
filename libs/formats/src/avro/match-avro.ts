import { shortName, type AvroField, type AvroRecord, type AvroType } from './avro-type.ts';

type Named = Pick<AvroRecord, 'name' | 'aliases'>;

/**
 * Which field of the writer each field of the reader is read from, as Java does it: an alias of the reader's renames the writer's field,
 * so that two fields may change their names with each other; where that gives one field two sources, the one of its own name is meant.
 * Aliases of fields belong to a record: they mean nothing for a writer's of another name that is no alias of the reader's, and nothing
 * where writer and reader are the same.
 */
export function matchFields(writer: AvroRecord, reader: AvroRecord): ReadonlyMap<AvroField, AvroField> {
  const renamed = new Map<string, AvroField>();
  if (isOneName(writer, reader) && !hasSameFields(writer, reader))
    for (const field of reader.fields) for (const alias of field.aliases) renamed.set(alias, field);
  const byName = new Map(reader.fields.map((field) => [field.name, field]));
  const found = new Map<AvroField, AvroField>();
  for (const field of writer.fields) {
    const target = renamed.get(field.name) ?? byName.get(field.name);
    if (target === undefined) continue;
    if (!found.has(target) || target.name === field.name) found.set(target, field);
  }
  return found;
}

/** By its full name, or an alias of the reader's. */
function isOneName(writer: Named, reader: Named): boolean {
  return writer.name === reader.name || reader.aliases.includes(writer.name);
}

function hasSameFields(writer: AvroRecord, reader: AvroRecord): boolean {
  const shown = ({ fields }: AvroRecord): string =>
    JSON.stringify(fields.map(({ name, aliases }) => [name, aliases]));
  return shown(writer) === shown(reader);
}

/** The writer's field of a column that people have named: of exactly this name, else the only one that differs in case alone (A11). */
export function fieldOfColumn(writer: AvroRecord, column: string): AvroField | undefined {
  const exact = writer.fields.find(({ name }) => name === column);
  if (exact !== undefined) return exact;
  const lower = column.toLowerCase();
  const like = writer.fields.filter(({ name }) => name.toLowerCase() === lower);
  return like.length === 1 ? like[0] : undefined;
}

/** Unions of several records inside each other that are looked into, to choose one: schemas may be circles, and strangers wrote them. */
const maxMatchDepth = 3;

/**
 * The branch of the reader's union that a value of the writer is read as: the first of the same type, else the first it can become. Of
 * several records, as Java does it, that of the same full name, else one that has all it needs from the writer: the last of those with the
 * same short name, or the first.
 */
export function branchFor(writer: AvroType, branches: readonly AvroType[], depth = 0): AvroType | undefined {
  if (writer.kind === 'record')
    return recordFor(
      writer,
      branches.filter((branch) => branch.kind === 'record'),
      depth,
    );
  return (
    branches.find((branch) => isSame(writer, branch) && hasOneName(writer, branch)) ??
    branches.find((branch) => isSame(writer, branch)) ??
    branches.find((branch) => canBecome(writer, branch))
  );
}

function recordFor(
  writer: AvroRecord,
  records: readonly AvroRecord[],
  depth: number,
): AvroRecord | undefined {
  if (records.length === 1) return records[0];
  const exact = records.find(({ name }) => name === writer.name);
  if (exact !== undefined) return exact;
  const fitting = records.filter((record) => hasWhatItNeeds(writer, record, depth));
  return fitting.findLast(({ name }) => shortName(name) === shortName(writer.name)) ?? fitting[0];
}

/** Whether the fields of the reader are there, of types that they may be, or have defaults. What lies inside them is not looked at. */
function hasWhatItNeeds(writer: AvroRecord, reader: AvroRecord, depth: number): boolean {
  if (depth >= maxMatchDepth) return true;
  const matched = matchFields(writer, reader);
  return reader.fields.every((field) => {
    const source = matched.get(field)?.type;
    if (source === undefined) return field.default !== undefined;
    const { type } = field;
    if (source.kind === 'union') return true;
    if (type.kind === 'union') return branchFor(source, type.branches, depth + 1) !== undefined;
    return isSame(source, type) || canBecome(source, type);
  });
}

function isSame(writer: AvroType, reader: AvroType): boolean {
  if (writer.kind === 'enum' || writer.kind === 'fixed') return sameNamed(writer, reader);
  return writer.kind === reader.kind;
}

/** Enums and fixed are the same by the last part of their names; a fixed by its size, too. */
export function sameNamed(writer: AvroType, reader: AvroType): boolean {
  if (writer.kind === 'fixed' && reader.kind === 'fixed')
    return writer.size === reader.size && sameName(writer, reader);
  return writer.kind === 'enum' && reader.kind === 'enum' && sameName(writer, reader);
}

function sameName(writer: Named, reader: Named): boolean {
  return shortName(writer.name) === shortName(reader.name) || reader.aliases.includes(writer.name);
}

/** Of several enums or fixed in a union the one of the same full name comes first. */
function hasOneName(writer: AvroType, branch: AvroType): boolean {
  return !('name' in writer) || ('name' in branch && isOneName(writer, branch));
}

const promotions: Readonly<Record<string, readonly string[]>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

/** Avro's promotions. */
export function canBecome(writer: AvroType, reader: AvroType): boolean {
  return promotions[writer.kind]?.includes(reader.kind) ?? false;
}
