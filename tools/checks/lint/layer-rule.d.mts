export interface Workspace {
  readonly name: string;
  readonly folder: string;
  readonly tags: readonly string[];
  readonly layer: string | undefined;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

export interface Repository {
  readonly root: string;
  readonly workspaces: readonly Workspace[];
  readonly rootDependencies: ReadonlySet<string>;
}

export const layers: readonly string[];
export function findRoot(file: string): string | undefined;
export function readRepository(root: string): Repository;
export function packageProblems(repository: Repository): string[];
export function workspaceOf(repository: Repository, file: string): Workspace | undefined;
export function isTestFile(file: string): boolean;
export function mustBePure(workspace: Workspace, file: string): boolean;
export function importProblem(repository: Repository, file: string, specifier: string): string | undefined;
export function impurity(node: { readonly type: string }): string | undefined;
export function roomProblem(file: string, body: readonly { readonly type: string }[]): string | undefined;
