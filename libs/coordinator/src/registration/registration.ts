import type { Registered } from './schema-registrar.ts';

/** The schema of one part of a sink's records, from the wish to register it on. */
export interface Registration {
  /** Id of the sink's operator. */
  readonly operator: string;
  readonly part: 'key' | 'value';
  readonly subject: string;
  readonly state: 'pending' | Registered;
}
