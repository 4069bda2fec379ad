import { expect, it } from 'vitest';
import { anchorOf, FolderAnchors } from './folder-anchors.ts';
import type { FolderFiles } from './folder-files.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** One file, and how many times it was read. */
function fileOf(content: string, identity: string | null) {
  const file = { content, identity, reads: 0, gone: false };
  const missing = (): never => {
    throw Object.assign(new Error('none'), { code: 'ENOENT' });
  };
  const files = {
    facts: async () => (file.gone ? missing() : { modifiedMs: 0, identity: file.identity }),
    readFile: async () => {
      file.reads += 1;
      return file.gone ? missing() : bytes(file.content);
    },
  } as unknown as FolderFiles;
  return { file, anchors: new FolderAnchors(files) };
}

it('a file that is the same as before is not read again', async () => {
  const { file, anchors } = fileOf('one', '1');
  for (let round = 0; round < 3; round += 1)
    expect((await anchors.at('a'))?.anchor).toBe(anchorOf(bytes('one')));
  expect(file.reads).toBe(1);
  expect((await anchors.at('a'))?.bytes).toEqual(bytes('one'));
});

it('a large one is known, but not kept', async () => {
  const { file, anchors } = fileOf('x'.repeat(100_000), '1');
  expect((await anchors.at('a'))?.bytes).toHaveLength(100_000);
  expect(await anchors.at('a')).toEqual({
    identity: '1',
    anchor: anchorOf(bytes(file.content)),
    bytes: null,
  });
  expect(file.reads).toBe(1);
});

it('another file of the name, and one that was made anew after a removal, are read', async () => {
  const { file, anchors } = fileOf('one', '1');
  await anchors.at('a');
  Object.assign(file, { content: 'two', identity: '2' });
  expect((await anchors.at('a'))?.anchor).toBe(anchorOf(bytes('two')));
  file.gone = true;
  expect(await anchors.at('a')).toBeUndefined();
  Object.assign(file, { content: 'three', gone: false });
  expect((await anchors.at('a'))?.anchor).toBe(anchorOf(bytes('three')));
});

it('a file so young that its successor might look the same is read each time', async () => {
  const { file, anchors } = fileOf('one', null);
  await anchors.at('a');
  file.content = 'two';
  expect((await anchors.at('a'))?.anchor).toBe(anchorOf(bytes('two')));
});
