import type { Connector } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import { singleFileTableOptions } from './single-file-options.ts';
import { SingleFileSink } from './single-file-sink.ts';
import { SingleFileSource } from './single-file-source.ts';

/** One file of lines (JSON, CSV, text), on a disk that all workers share or with a single worker. */
export const singleFileConnector: Connector = {
  name: 'single_file',
  title: 'Single file',
  canRead: true,
  canWrite: true,
  singleWriter: true,
  tableOptions: singleFileTableOptions,
  async resolveStart(node, { access }) {
    const { path = '' } = fillOptions(singleFileTableOptions, node.options, access.variables);
    return { [path]: { offset: 0 } };
  },
  createSource: (node, context) => new SingleFileSource(node, context),
  createSink: (node, context) => new SingleFileSink(node, context),
};
