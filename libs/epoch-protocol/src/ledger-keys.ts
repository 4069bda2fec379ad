import type { PipelineScope } from './transactional-id.ts';

const positionDigits = 16;

/** Everything of a pipeline in the object store lies below this prefix (which ends in `/`). */
export function pipelinePrefix(scope: PipelineScope): string {
  return `clusters/${scope.cluster}/pipelines/${scope.pipeline}/${scope.pipelineId}/`;
}

export function ledgerPrefix(scope: PipelineScope): string {
  return `${pipelinePrefix(scope)}ledger/`;
}

/** Key of the ledger entry at a position, counted from 0; zero-padded, so that names sort as numbers. */
export function ledgerKey(scope: PipelineScope, position: number): string {
  return `${ledgerPrefix(scope)}${String(position).padStart(positionDigits, '0')}.json`;
}

/** Key of the trim record, the only object of a ledger that changes (by put-if-match). */
export function trimKey(scope: PipelineScope): string {
  return `${pipelinePrefix(scope)}trim.json`;
}

/** Position of a ledger key, undefined when it is none: what isn't understood is left alone. */
export function parseLedgerKey(scope: PipelineScope, key: string): number | undefined {
  const prefix = ledgerPrefix(scope);
  if (!key.startsWith(prefix)) return undefined;
  const match = /^(\d{16})\.json$/.exec(key.slice(prefix.length));
  return match ? Number(match[1]) : undefined;
}
