import type { SubtaskHandle } from './sink-handle.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isInt64: Check = (value) => typeof value === 'string' && /^-?\d{1,19}$/.test(value);
const isOffsets: Check = (value) => isRecord(value) && Object.values(value).every(isInt64);

/** Fields that a handle of each kind must have. */
const fieldsOf: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  empty: {},
  kafka: {
    transactionalId: isText,
    producerId: isInt64,
    producerEpoch: Number.isSafeInteger,
    firstOffsets: isOffsets,
    openedAtMs: Number.isFinite,
    timeoutMs: isCount,
  },
  file: { path: isText, length: isCount, staged: isText },
};

/** Whether a value is the list of handles that an acknowledgement, a Commit or an `Epoch` entry holds: of kinds that this Weir can commit. */
export function isHandleList(value: unknown): value is readonly SubtaskHandle[] {
  return Array.isArray(value) && value.every(isSubtaskHandle);
}

function isSubtaskHandle(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { operator, stage, subtask, handle } = value;
  return isText(operator) && isText(stage) && isCount(subtask) && isHandle(handle);
}

function isHandle(value: unknown): boolean {
  if (!isRecord(value) || typeof value['kind'] !== 'string') return false;
  const fields = Object.hasOwn(fieldsOf, value['kind']) ? fieldsOf[value['kind']] : undefined;
  return fields !== undefined && Object.entries(fields).every(([name, isRight]) => isRight(value[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
