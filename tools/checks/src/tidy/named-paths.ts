import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { SourceFile } from './source-tree.ts';

const pathPattern = /(?<![\w./@-])(?:libs|apps|tools|docs|proto|deploy)\/[\w.-]+(?:\/[\w.*-]+)*\/?(?![\w/])/g;
/** The end of a path, as `connector.ts`; a stem of one letter is an example or a column. */
const sourceNamePattern = /(?<![\w./*-])[\w-]{2,}(?:\/[\w.-]+)*(?:\.test)?\.(?:ts|mjs|proto)\b(?!\.)/g;
const linkPattern = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g;

/** `file: path` for every path of this repository that a page names, or a comment, and that isn't there. */
export function missingPaths(root: string, tree: readonly SourceFile[]): string[] {
  const there = new Set(globSync('{libs,apps,tools,proto}/**/*.{ts,mjs,proto}', { cwd: root, exclude }));
  const ends = endsOf([...there, ...globSync('*.{ts,mjs}', { cwd: root })]);
  const isMissing = (path: string): boolean => !isThere(root, path);
  const missingIn = (text: string): string[] => [
    ...[...text.matchAll(pathPattern)].map(([path]) => path.replace(/\.$/, '')).filter(isMissing),
    ...[...text.matchAll(sourceNamePattern)].map(([name]) => name).filter((name) => !ends.has(name)),
  ];
  const pages = ['README.md', ...globSync('{docs,libs,apps,tools}/**/*.md', { cwd: root, exclude })];
  const ofPages = pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const links = [...text.matchAll(linkPattern)].map(([, link = '']) =>
      normalize(join(dirname(page), link)),
    );
    return told(page, [...missingIn(text), ...links.filter(isMissing)]);
  });
  return [...ofPages, ...tree.flatMap(({ path, comments }) => told(path, missingIn(comments)))];
}

function told(where: string, paths: readonly string[]): string[] {
  return [...new Set(paths)].map((path) => `${where}: ${path}`);
}

/** Every way to name a file by the end of its path, its package's `src` left out or not. */
function endsOf(paths: readonly string[]): Set<string> {
  const ends = new Set<string>();
  for (const path of paths) {
    for (const way of [path, path.replace('/src/', '/')]) {
      const parts = way.replaceAll('\\', '/').split('/');
      for (let from = 0; from < parts.length; from += 1) ends.add(parts.slice(from).join('/'));
    }
  }
  return ends;
}

function isThere(root: string, path: string): boolean {
  if (path.includes('*')) return globSync(path, { cwd: root }).length > 0;
  const below = path.replace(/^((?:libs|apps|tools)\/[^/]+)\/(?!src\/)/, '$1/src/');
  return [path, below].some((one) => existsSync(join(root, one)));
}

/** What is generated, and what others brought. */
function exclude(name: string): boolean {
  return name === 'node_modules';
}
