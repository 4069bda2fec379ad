import type { Connector } from '../connector.ts';
import { eventTimeOptions, formatOptions, optionSchema } from '../options/option-schema.ts';
import { SingleFileSink } from './single-file-sink.ts';
import { SingleFileSource } from './single-file-source.ts';

/** One file of JSON lines, on a disk that all workers share or with a single worker. */
export const singleFileConnector: Connector = {
  name: 'single_file',
  title: 'Single file',
  canRead: true,
  canWrite: true,
  singleWriter: true,
  tableOptions: optionSchema(
    {
      path: { description: 'path of the file', examples: ['/data/orders.jsonl'] },
      type: { description: 'what the table is used for', enum: ['source', 'sink'] },
      ...formatOptions,
      ...eventTimeOptions,
    },
    ['path', 'format'],
  ),
  async resolveStart(node) {
    return { [node.options['path'] ?? '']: { offset: 0 } };
  },
  createSource: (node, context) => new SingleFileSource(node, context),
  createSink: (node, context) => new SingleFileSink(node, context),
};
