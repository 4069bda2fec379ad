import { pipelinePrefix } from './ledger-keys.ts';
import type { PipelineScope } from './transactional-id.ts';

/** What the name of a snapshot object says. */
export interface SnapshotObject {
  readonly g: number;
  readonly e: number;
  readonly stage: string;
  readonly subtask: number;
  /** `[0-9a-z]+`, random: no two writers ever mean the same object. */
  readonly nonce: string;
}

export function snapshotPrefix(scope: PipelineScope): string {
  return `${pipelinePrefix(scope)}snapshots/`;
}

export function snapshotObjectKey(scope: PipelineScope, object: SnapshotObject): string {
  const { g, e, stage, subtask, nonce } = object;
  return `${snapshotPrefix(scope)}${pad(g)}/${pad(e)}/${encodeURIComponent(stage)}.${subtask}.${nonce}`;
}

/** Undefined when the key isn't one of ours: such objects are never deleted. */
export function parseSnapshotObjectKey(scope: PipelineScope, key: string): SnapshotObject | undefined {
  const prefix = snapshotPrefix(scope);
  if (!key.startsWith(prefix)) return undefined;
  const match = /^(\d{12})\/(\d{12})\/([^/]+)\.(\d+)\.([0-9a-z]+)$/.exec(key.slice(prefix.length));
  if (!match) return undefined;
  const stage = decodeStage(match[3] ?? '');
  if (stage === undefined) return undefined;
  return {
    g: Number(match[1]),
    e: Number(match[2]),
    stage,
    subtask: Number(match[4]),
    nonce: match[5] ?? '',
  };
}

function decodeStage(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const pad = (value: number): string => String(value).padStart(12, '0');
