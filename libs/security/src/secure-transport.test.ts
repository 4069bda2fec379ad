import { Metadata } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { plainTransport } from './secure-transport.ts';

const origin = { peer: '127.0.0.1:1', metadata: new Metadata(), auth: {} };

test('anybody may call what is in the table of methods, and nobody anything else', () => {
  const { identify } = plainTransport().server;
  expect(identify({ ...origin, path: '/weir.v1.PipelineService/GetPipeline' })).toEqual({
    kind: 'anonymous',
    name: 'anonymous',
    peer: '127.0.0.1:1',
  });
  for (const path of ['/weir.v1.PipelineService/Nothing', '/constructor', ''])
    expect(() => identify({ ...origin, path })).toThrow(expect.objectContaining({ code: 'WEIR-8006' }));
});
