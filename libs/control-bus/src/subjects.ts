import { isName } from '@weir/kernel/is-name.ts';
import { WeirError } from '@weir/kernel/errors.ts';

/*
 * weir.<cluster>.<pipeline>.<pipeline id>.<generation>.<topic>   the epoch protocol: one generation's messages
 * weir.<cluster>.<pipeline>.<pipeline id>._lease                 who drives the pipeline
 * weir.<cluster>._workers, weir.<cluster>._controllers           membership
 * weir.<cluster>._catalog                                        which entry of the catalog has changed
 *
 * Tokens that begin with an underscore can't be names, so nothing collides.
 */

/** Which pipeline: with its id, so that a later pipeline of the same name has other subjects. */
export interface PipelineSubject {
  readonly cluster: string;
  readonly pipeline: string;
  readonly pipelineId: string;
}

/** Subject of a message of one generation. `topic`: `[a-z0-9-]+`, such as `inject`, `snapshotted`, `commit`. */
export function generationSubject(of: PipelineSubject, generation: number, topic: string): string {
  checkNames(topic);
  return `${pipelineSubject(of)}.${checkGeneration(generation)}.${topic}`;
}

/** Pattern for every message of one generation. */
export function generationPattern(of: PipelineSubject, generation: number): string {
  return `${pipelineSubject(of)}.${checkGeneration(generation)}.*`;
}

export function leaseSubject(of: PipelineSubject): string {
  return `${pipelineSubject(of)}._lease`;
}

export function workersSubject(cluster: string): string {
  checkNames(cluster);
  return `weir.${cluster}._workers`;
}

export function controllersSubject(cluster: string): string {
  checkNames(cluster);
  return `weir.${cluster}._controllers`;
}

export function catalogSubject(cluster: string): string {
  checkNames(cluster);
  return `weir.${cluster}._catalog`;
}

/** True when a subject matches a pattern with `*` (one token) and a last `>` (one or more). */
export function matchesSubject(pattern: string, subject: string): boolean {
  // Every message of a process is held against every subscription: nothing is allocated here.
  let at = 0;
  for (let index = 0; index < pattern.length; index += 1) {
    const token = pattern[index];
    if (token === '>') return at < subject.length;
    if (token === '*') {
      const end = subject.indexOf('.', at);
      if (at === subject.length || end === at) return false;
      at = end < 0 ? subject.length : end;
    } else {
      if (token !== subject[at]) return false;
      at += 1;
    }
  }
  return at === subject.length;
}

/** @throws WeirError WEIR-6002 for a subject to publish to that no server takes */
export function checkSubject(subject: string): void {
  if (!/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(subject)) {
    throw new WeirError('WEIR-6002', `'${subject}' is no subject for a message`);
  }
}

/** @throws WeirError WEIR-6002 for a pattern that no server takes */
export function checkPattern(pattern: string): void {
  const inner = pattern.endsWith('.>') ? pattern.slice(0, -2) : pattern;
  checkSubject(inner.replaceAll(/(?<=^|\.)\*(?=\.|$)/g, 'x'));
}

function pipelineSubject({ cluster, pipeline, pipelineId }: PipelineSubject): string {
  checkNames(cluster, pipeline, pipelineId);
  return `weir.${cluster}.${pipeline}.${pipelineId}`;
}

function checkNames(...names: readonly string[]): void {
  const wrong = names.find((name) => !isName(name));
  if (wrong === undefined) return;
  throw new WeirError('WEIR-6002', `'${wrong}' can't stand in a subject`, {
    hint: 'use lower case letters, digits and hyphens, at most 63',
  });
}

function checkGeneration(generation: number): number {
  if (!Number.isSafeInteger(generation) || generation < 0) {
    throw new WeirError('WEIR-6002', `${generation} is no generation`);
  }
  return generation;
}
