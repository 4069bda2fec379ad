import { formatVersionOf, type LedgerEntry, type LedgerEntryKind } from './ledger-entries.ts';
import { isHandleList } from './handle-list.ts';
import { LedgerUnreadable } from './protocol-errors.ts';
import { isSnapshotList } from './snapshot-manifest.ts';

type FieldCheck = (value: unknown) => boolean;

const isCount: FieldCheck = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isText: FieldCheck = (value) => typeof value === 'string';
const isList: FieldCheck = (value) => Array.isArray(value);
const isFlag: FieldCheck = (value) => typeof value === 'boolean';
const isParent: FieldCheck = (value) => value === null || isCount(value);
const isAnything: FieldCheck = (value) => value !== undefined;
const isRestored: FieldCheck = (value) => {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { from, start, outputEpoch } = value as Record<string, unknown>;
  return isCount(from) && isCount(start) && isCount(outputEpoch);
};

/**
 * Fields that each kind must have. Unknown further fields are refused by the version, not here; `offsets` of an `Epoch`, always an empty
 * list, is one that earlier versions wrote.
 */
const fieldsOf: Record<LedgerEntryKind, Record<string, FieldCheck>> = {
  Generation: { plan: isAnything, parallelism: isCount, sinks: isList },
  Placed: { subtasks: isList },
  Epoch: {
    e: isCount,
    parent: isParent,
    snapshots: isSnapshotList,
    handles: isHandleList,
    committedThrough: isCount,
    restored: isRestored,
  },
  Committed: { e: isCount },
  Abandoned: { e: isCount },
  Torn: { e: isCount, committed: isList, aborted: isList, unknown: isList },
  Resolved: { e: isCount, as: (value) => value === 'committed' || value === 'abandoned' },
  Stopped: { e: isCount, finished: isFlag },
};

const commonFields: Record<string, FieldCheck> = { g: isCount, writer: isText, writtenAtMs: isAnything };

/** UTF-8 JSON. */
export function encodeEntry(entry: LedgerEntry): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(entry));
}

/**
 * Reads an entry back. Unknown kinds and versions stop the reader: an entry that is skipped could be the one that fences it.
 * @param where names the entry in errors, usually its key
 * @throws LedgerUnreadable
 */
export function decodeEntry(bytes: Uint8Array, where: string): LedgerEntry {
  const value = parseObject(bytes, where);
  const version = value['formatVersion'];
  if (version !== 1 && version !== 2) {
    throw new LedgerUnreadable(
      `${where} has format version ${JSON.stringify(version)}, this Weir reads 1 and 2`,
    );
  }
  const kind = value['kind'];
  if (typeof kind !== 'string' || !Object.hasOwn(fieldsOf, kind)) {
    throw new LedgerUnreadable(`${where} is of the unknown kind ${JSON.stringify(kind)}`);
  }
  const fields = { ...commonFields, ...fieldsOf[kind as LedgerEntryKind] };
  for (const [name, isRight] of Object.entries(fields)) {
    if (!isRight(value[name])) throw new LedgerUnreadable(`${where} (${kind}) has no valid '${name}'`);
  }
  const entry = value as unknown as LedgerEntry;
  if (version !== formatVersionOf(entry)) {
    throw new LedgerUnreadable(
      `${where} (${kind}) has format version ${version}, this Weir reads such entries of version ${formatVersionOf(entry)}`,
    );
  }
  return entry;
}

function parseObject(bytes: Uint8Array, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new LedgerUnreadable(`${where} is no JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new LedgerUnreadable(`${where} is no JSON object`);
  }
  return value as Record<string, unknown>;
}
