import { blackholeConnector } from '../blackhole/blackhole-connector.ts';
import type { Connector } from '../connector.ts';

/** Where the rows of a bare SELECT go: nowhere, except to those who look (`weir tail`). `weir run` prints them instead. */
export const previewConnector: Connector = {
  ...blackholeConnector,
  name: 'preview',
  title: 'Preview (shown by weir tail)',
  // As `weir tail` and `weir run` show them.
  defaultFormat: 'json',
};
