// oxlint rules of this repository's own.
import {
  findRoot,
  importProblem,
  impurity,
  mustBePure,
  readRepository,
  roomProblem,
  workspaceOf,
} from './layer-rule.mjs';

const repositories = new Map();

/** Read once a root and a lint run. */
function repositoryOf(file) {
  const root = findRoot(file);
  if (root === undefined) return undefined;
  if (!repositories.has(root)) repositories.set(root, readRepository(root));
  return repositories.get(root);
}

const layersRule = {
  create(context) {
    const repository = repositoryOf(context.filename);
    if (repository === undefined) return {};
    const check = (node) => {
      if (typeof node.source?.value !== 'string') return;
      const message = importProblem(repository, context.filename, node.source.value);
      if (message !== undefined) context.report({ node: node.source, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      TSImportType: check,
    };
  },
};

/** True if `name` is something that the file itself declares or imports, not the global of that name. */
function isLocal(context, node, name) {
  for (let scope = context.sourceCode.getScope(node); scope !== null; scope = scope.upper) {
    if ((scope.set.get(name)?.defs.length ?? 0) > 0) return true;
  }
  return false;
}

const pureRule = {
  create(context) {
    const repository = repositoryOf(context.filename);
    const workspace = repository === undefined ? undefined : workspaceOf(repository, context.filename);
    if (workspace === undefined || !mustBePure(workspace, context.filename)) return {};
    const check = (node) => {
      const message = impurity(node);
      const subject = node.object ?? node.callee;
      if (message !== undefined && !isLocal(context, node, subject.name)) context.report({ node, message });
    };
    return { CallExpression: check, NewExpression: check, MemberExpression: check };
  },
};

const roomsRule = {
  create(context) {
    return {
      Program(node) {
        const message = roomProblem(context.filename, node.body);
        if (message !== undefined) context.report({ node, message });
      },
    };
  },
};

export default {
  meta: { name: 'weir' },
  rules: { layers: layersRule, pure: pureRule, rooms: roomsRule },
};
