import { WeirError } from '@weir/kernel/errors.ts';
import type { RegisteredSchema, SubjectVersion } from './registered-schema.ts';

/** A schema that another one uses, by the name that it is used by. */
export interface ReferencedText {
  readonly name: string;
  readonly text: string;
}

const maxReferences = 100;

/**
 * All schemas that this one refers to, and those that they refer to, deepest first: each text comes after all that it uses. The same version of a
 * subject under the same name comes once (R7).
 * @throws WeirError WEIR-3509 for a cycle, more than 100, or two texts under one name
 */
export async function resolveReferences(
  schema: RegisteredSchema,
  read: (subject: string, version: number) => Promise<SubjectVersion>,
): Promise<readonly ReferencedText[]> {
  const found = new Map<string, ReferencedText & { readonly from: string }>();
  const open: string[] = [];

  const visit = async (from: RegisteredSchema): Promise<void> => {
    for (const { name, subject, version } of from.references) {
      const source = `version ${version} of subject '${subject}'`;
      if (open.includes(source)) {
        throw problem(`schemas refer to each other in a circle: ${[...open, source].join(' -> ')}`);
      }
      const known = found.get(name);
      if (known !== undefined) {
        if (known.from !== source) {
          throw problem(`'${name}' means two things: ${known.from} and ${source}`);
        }
        continue;
      }
      if (found.size + open.length >= maxReferences) {
        throw problem(`a schema refers to more than ${maxReferences} others`);
      }
      open.push(source);
      const used = await read(subject, version);
      await visit(used);
      open.pop();
      found.set(name, { name, text: used.text, from: source });
    }
  };
  await visit(schema);
  return [...found.values()].map(({ name, text }) => ({ name, text }));
}

function problem(message: string): WeirError {
  return new WeirError('WEIR-3509', message, {
    hint: 'correct the references of the schema in the registry',
  });
}
