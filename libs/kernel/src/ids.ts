declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Name of a cluster: scopes NATS subjects, transactional ids and ledgers. `[a-z0-9-]+` */
export type ClusterName = Branded<string, 'ClusterName'>;
/** Name of a pipeline as a person gave it. `[a-z0-9-]+` */
export type PipelineName = Branded<string, 'PipelineName'>;
/** Random id drawn when a pipeline is created: a later pipeline of the same name has another. */
export type PipelineId = Branded<string, 'PipelineId'>;
/** Random id drawn when a worker process starts: a worker that comes back is another worker. */
export type Incarnation = Branded<string, 'Incarnation'>;
/** One start of a pipeline's tasks, counted from 1. */
export type Generation = Branded<number, 'Generation'>;
/** One checkpoint and the output between it and its parent, counted from 1; 0 holds the start positions. */
export type Epoch = Branded<number, 'Epoch'>;

const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** True for names that may stand in subjects, transactional ids and paths: lower case letters, digits, hyphens, 1-63 characters. */
export function isName(text: string): boolean {
  return namePattern.test(text);
}

export const generation = (value: number): Generation => value as Generation;
export const epoch = (value: number): Epoch => value as Epoch;
export const incarnation = (value: string): Incarnation => value as Incarnation;
export const clusterName = (value: string): ClusterName => value as ClusterName;
export const pipelineName = (value: string): PipelineName => value as PipelineName;
export const pipelineId = (value: string): PipelineId => value as PipelineId;
