/** A JSON Schema. What is made here is strict: an object has the named properties and no others. */
export type ShapeSchema = Readonly<Record<string, unknown>>;

/** Lists of what a person has written: columns, projections, operators. */
const longestList = 20_000;
/** Operands of one call: an IN list may come out of a program. */
export const longestOperands = 500_000;

export const text: ShapeSchema = { type: 'string' };
export const flag: ShapeSchema = { type: 'boolean' };
export const name: ShapeSchema = { type: 'string', minLength: 1, maxLength: 10_000 };
/** An index of a column or field, or a count. */
export const index: ShapeSchema = { type: 'integer', minimum: 0, maximum: 1_000_000 };
/** A JavaScript number that is exact. */
export const exact: ShapeSchema = {
  type: 'integer',
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
};
export const count: ShapeSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
export const texts: ShapeSchema = { type: 'object', additionalProperties: { type: 'string' } };

export function only(...values: readonly (string | number | boolean)[]): ShapeSchema {
  return { enum: values };
}

export function orNull(schema: ShapeSchema): ShapeSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

export function listOf(items: ShapeSchema, maxItems = longestList): ShapeSchema {
  return { type: 'array', items, maxItems };
}

export const indexes = listOf(index);

/**
 * The object that `T` is. Every property of `T` must be given, so that a new one can't be forgotten here.
 * @param optional those that may be left out
 */
export function shapeOf<T>(
  properties: { readonly [K in keyof T]-?: ShapeSchema },
  optional: readonly (keyof T)[] = [],
): ShapeSchema {
  const names = Object.keys(properties);
  return {
    type: 'object',
    properties,
    required: names.filter((each) => !optional.includes(each as keyof T)),
    additionalProperties: false,
  };
}

/** One of several objects, told apart by `kind`. */
export function byKind(schemas: readonly ShapeSchema[]): ShapeSchema {
  return { type: 'object', required: ['kind'], discriminator: { propertyName: 'kind' }, oneOf: schemas };
}

export function ref(definition: string): ShapeSchema {
  return { $ref: `#/$defs/${definition}` };
}
