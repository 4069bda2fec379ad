import type { FetcherOptions } from '../contracts/fetch.ts';

/** The options of a fetcher, each with its value. */
export type ResolvedFetcherOptions = Required<Omit<FetcherOptions, 'onReady'>>;

export const fetcherDefaults: Omit<ResolvedFetcherOptions, 'isolation'> = {
  budgetBytes: 32 * 1024 * 1024,
  partitionMaxBytes: 2 * 1024 * 1024,
  batchMaxBytes: 128 * 1024 * 1024,
  maxWaitMs: 1000,
  minBytes: 1,
  reuseMemory: false,
};
