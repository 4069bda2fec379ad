import { eventTimeOptions, formatOptions, optionSchema } from '../options/option-schema.ts';

export const singleFileTableOptions = optionSchema(
  {
    path: {
      description: 'path of the file, below the folder that WEIR_FILES_DIR names',
      examples: ['orders.jsonl'],
    },
    type: { description: 'what the table is used for', enum: ['source', 'sink'] },
    ...formatOptions,
    'csv.header': {
      part: 'format',
      description: 'whether the first line of the file names the fields (CSV)',
      enum: ['true', 'false'],
    },
    ...eventTimeOptions,
  },
  ['path', 'format'],
);
