import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { ShapeSchema } from './shape-schema.ts';

/** What is wrong with a value's shape and where, or null: `/stages/0/operators/1/node/eventTime must be integer`. */
export type ShapeCheck = (value: unknown) => string | null;

const longestShown = 200;
/** `kind` is required beside the schemas that say what it is. */
const options = { strict: true, strictRequired: false, allowUnionTypes: true, discriminator: true };

/** Compiles a schema when it is first asked, once. */
export function shapeCheck(schema: ShapeSchema): ShapeCheck {
  let validate: ValidateFunction | null = null;
  return (value) => {
    validate ??= new Ajv(options).compile(schema);
    if (validate(value)) return null;
    return describe(validate.errors?.at(-1));
  };
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return 'it has another shape';
  const where = error.instancePath === '' ? 'it' : error.instancePath.slice(0, longestShown);
  if (error.keyword === 'discriminator') return `${where} is of an unknown kind${detailOf(error.params)}`;
  return `${where} ${error.message ?? 'has another shape'}${detailOf(error.params)}`;
}

function detailOf(params: Readonly<Record<string, unknown>>): string {
  const extra = params['additionalProperty'] ?? params['tagValue'];
  if (typeof extra === 'string') return `: '${extra.slice(0, longestShown)}'`;
  const allowed = params['allowedValues'];
  return Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
}
