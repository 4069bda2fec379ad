import { redacted, redactSql, type SecretOptions } from '@weir/sql/redact-sql.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';

const shown = new WeakMap<PipelineRecord, string>();

/** References of secrets are no one's business: whoever could name one could ask for it. */
export function withoutReferences(text: string): string {
  return text.replaceAll(/\{\{secret:[^}]*\}\}/g, redacted);
}

/** A pipeline's text as it may be shown. Records of earlier versions hold their secrets as they were written. */
export function shownSql(record: PipelineRecord, secretsOf: SecretOptions): string {
  const known = shown.get(record);
  if (known !== undefined) return known;
  const text =
    record.sqlDigest === undefined ? (redactSql(record.sql, secretsOf) ?? '') : withoutReferences(record.sql);
  shown.set(record, text);
  return text;
}
