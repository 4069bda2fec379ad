import type { Mutation } from './mutations.ts';
import { explore, type SearchLimits, type SearchResult } from './search/breadth-first.ts';

export interface MutationFinding {
  /** What was found; for `hanging-only` the search for (7), after nothing else was found. */
  readonly result: SearchResult;
  readonly asExpected: boolean;
}

/** Explores without a rule, and compares with what is known of it. */
export function judgeMutation(mutation: Mutation, limits: SearchLimits): MutationFinding {
  const { config, expected, invariant, overlook } = mutation;
  const result = explore(config, { ...limits, overlook });
  const nothing = result.violation === null && result.complete;
  switch (expected) {
    case 'breaks':
      return { result, asExpected: result.violation?.what.startsWith(invariant) === true };
    case 'redundant':
      return { result, asExpected: nothing };
    case 'hanging-only': {
      if (!nothing) return { result, asExpected: false };
      const hanging = explore(config, { ...limits, goal: 'frees' });
      return { result: hanging, asExpected: hanging.violation?.what.startsWith(invariant) === true };
    }
  }
}
