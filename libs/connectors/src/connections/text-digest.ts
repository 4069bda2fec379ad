import { createHmac } from 'node:crypto';

/** Tells whether a text is the one that a pipeline was made of, without the text, which may hold secrets. */
export function textDigest(pipelineId: string, text: string): string {
  return createHmac('sha256', pipelineId).update(text).digest('hex');
}
