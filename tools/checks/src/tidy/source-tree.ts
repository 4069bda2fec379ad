import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, posix } from 'node:path';
import { parseSync } from 'vite';

/** Names that a file takes from another one; `*` where it takes all. */
export interface Import {
  /** As it stands in the code. */
  readonly specifier: string;
  /** The imported file, relative to the root; null where it is no source file of this repository. */
  readonly file: string | null;
  readonly names: readonly string[];
}

export interface SourceFile {
  /** Relative to the root. */
  readonly path: string;
  readonly exports: readonly string[];
  /** Those of its exports that are interfaces and type aliases. */
  readonly types: ReadonlySet<string>;
  readonly imports: readonly Import[];
  /** Its text without comments, and the comments. */
  readonly code: string;
  readonly comments: string;
}

/** Every TypeScript file of the packages, without what is generated. @param root the folder of the repository */
export function readSourceTree(root: string): SourceFile[] {
  const paths = globSync('{libs,apps,tools}/*/**/*.ts', {
    cwd: root,
    exclude: (name) => name === 'gen' || name === 'node_modules',
  }).map((path) => path.replaceAll('\\', '/'));
  const packages = packageFolders(root);
  const known = new Set(paths);
  return paths.toSorted().map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const { exports, imports, comments } = readModule(path, text);
    return {
      path,
      exports,
      types: new Set([...text.matchAll(typeExport)].map(([, name = '']) => name)),
      code: withoutComments(text, comments),
      comments: comments.map(({ value }) => value).join('\n'),
      imports: imports.map(({ specifier, names }) => {
        const file = targetOf(path, specifier, packages);
        return { specifier, names, file: file !== null && known.has(file) ? file : null };
      }),
    };
  });
}

/** Folder by package name. */
function packageFolders(root: string): Map<string, string> {
  const files = globSync('{libs,apps,tools}/*/package.json', { cwd: root });
  return new Map(
    files.map((file) => {
      const { name } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { name: string };
      return [name, dirname(file).replaceAll('\\', '/')];
    }),
  );
}

function targetOf(from: string, specifier: string, packages: ReadonlyMap<string, string>): string | null {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const [scope = '', name = '', ...rest] = specifier.split('/');
  const folder = packages.get(`${scope}/${name}`);
  return folder === undefined ? null : normalize(`${folder}/src/${rest.join('/')}`).replaceAll('\\', '/');
}

const typeExport = /^export (?:declare )?(?:interface|type) (\w+)/gm;

interface Comment {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

function withoutComments(text: string, comments: readonly Comment[]): string {
  let from = 0;
  const parts = comments.map(({ start, end }) => {
    const part = text.slice(from, start);
    from = end;
    return part;
  });
  return [...parts, text.slice(from)].join('');
}

interface Module {
  readonly exports: readonly string[];
  readonly imports: readonly Found[];
  readonly comments: readonly Comment[];
}

type Found = Pick<Import, 'specifier' | 'names'>;

/** What a file exports, and what it imports by a constant name: statements, re-exports, `import()`, in types too. */
export function readModule(path: string, text: string): Module {
  const { module, errors, comments } = parseSync(path, text);
  if (errors.length > 0) return { exports: [], imports: [], comments: [] }; // half-written: tsc says so
  const exports: string[] = [];
  const imports: Found[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    imports.push({
      specifier: moduleRequest.value,
      names: entries.map(({ importName: { kind, name } }) =>
        kind === 'Default' ? 'default' : (name ?? '*'),
      ),
    });
  }
  for (const { exportName, importName, moduleRequest } of module.staticExports.flatMap((e) => e.entries)) {
    if (exportName.kind === 'Default') exports.push('default');
    else if (exportName.name !== null) exports.push(exportName.name);
    if (moduleRequest !== null)
      imports.push({ specifier: moduleRequest.value, names: [importName.name ?? '*'] });
  }
  imports.push(...importCalls(withoutComments(text, comments)));
  return { exports, imports, comments };
}

/** `const { a, b } = await import('x')`, `import('x').T`, and any other `import('x')`, which takes all. */
function importCalls(text: string): Found[] {
  const found: Found[] = [];
  const call =
    /(?:(?:const|let)\s*\{([^}]*)\}\s*=\s*await\s+)?\bimport\(\s*(['"])([^'"\n]+)\2\s*\)(?:\s*\.\s*(\w+))?/g;
  for (const [, taken, , specifier = '', member] of text.matchAll(call)) {
    const names = taken?.split(',').map((name) => name.split(':')[0]?.trim() ?? '');
    found.push({ specifier, names: names ?? [member === undefined || member === 'then' ? '*' : member] });
  }
  return found;
}
