import { WeirError } from '@weir/kernel/errors.ts';

export type SchemaType = 'avro' | 'json' | 'protobuf';

/** A schema that this one uses: by this name, the text is that version of that subject. */
export interface SchemaReference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** A schema as a registry holds it. */
export interface RegisteredSchema {
  readonly type: SchemaType;
  readonly text: string;
  readonly references: readonly SchemaReference[];
}

/** One version of a subject. */
export interface SubjectVersion extends RegisteredSchema {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  /** Newer registries only. */
  readonly guid?: string;
}

const typeNames: Readonly<Record<string, SchemaType>> = { AVRO: 'avro', JSON: 'json', PROTOBUF: 'protobuf' };

/** As the REST API names it. */
export function typeName(type: SchemaType): string {
  return type.toUpperCase();
}

/**
 * Answers leave out `schemaType` for Avro, and `references` when there are none (R1).
 * @throws WeirError WEIR-3508 for an answer that is no schema
 */
export function readSchema(answer: unknown, wish: string): RegisteredSchema {
  const { schema, schemaType = 'AVRO', references = [] } = objectOf(answer, wish);
  const type = typeof schemaType === 'string' ? typeNames[schemaType.toUpperCase()] : undefined;
  if (type === undefined) {
    throw new WeirError('WEIR-3508', `the registry has a schema of type ${shown(schemaType)}: ${wish}`, {
      hint: 'Weir reads schemas of types AVRO, JSON and PROTOBUF',
    });
  }
  if (typeof schema !== 'string') throw notUnderstood(wish, 'it has no schema text');
  if (references !== null && !Array.isArray(references))
    throw notUnderstood(wish, 'its references are no list');
  return { type, text: schema, references: (references ?? []).map((each) => readReference(each, wish)) };
}

/** @throws WeirError WEIR-3508 */
export function readSubjectVersion(answer: unknown, wish: string): SubjectVersion {
  const { subject, version, id, guid } = objectOf(answer, wish);
  if (typeof subject !== 'string') throw notUnderstood(wish, 'it names no subject');
  return {
    ...readSchema(answer, wish),
    subject,
    version: integerOf(version, 'version', wish),
    id: integerOf(id, 'id', wish),
    ...(typeof guid === 'string' ? { guid } : {}),
  };
}

/** @throws WeirError WEIR-3508 */
export function objectOf(answer: unknown, wish: string): Readonly<Record<string, unknown>> {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw notUnderstood(wish, 'it is no object');
  return answer as Record<string, unknown>;
}

/** @throws WeirError WEIR-3508 */
export function integerOf(value: unknown, what: string, wish: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw notUnderstood(wish, `its ${what} is ${shown(value)}`);
  return value;
}

/** @throws WeirError WEIR-3508 */
export function textsOf(answer: unknown, wish: string): readonly string[] {
  if (!Array.isArray(answer) || answer.some((each) => typeof each !== 'string'))
    throw notUnderstood(wish, 'it is no list of names');
  return answer as string[];
}

export function notUnderstood(wish: string, why: string): WeirError {
  return new WeirError('WEIR-3508', `the registry's answer to the wish to ${wish} makes no sense: ${why}`, {
    hint: "check that 'schema_registry.endpoint' is a registry with Confluent's REST API (for Apicurio: …/apis/ccompat/v7)",
  });
}

function readReference(value: unknown, wish: string): SchemaReference {
  const { name, subject, version } = objectOf(value, wish);
  if (typeof name !== 'string' || typeof subject !== 'string')
    throw notUnderstood(wish, 'a reference has no name or subject');
  return { name, subject, version: integerOf(version, 'reference version', wish) };
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? 'missing';
}
