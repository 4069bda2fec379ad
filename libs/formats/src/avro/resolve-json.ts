import { describeAvro, type AvroEnum, type AvroRecord, type AvroType } from './avro-type.ts';
import { encodeDefault } from './encode-default.ts';
import { branchFor, canBecome, matchFields, sameNamed } from './match-avro.ts';
import type { EnumStep, JsonRecordStep, JsonStep, RefuseStep } from './read-step.ts';

/** How the values of writers become the JSON of columns; one of these a resolution, since records may lie inside themselves. */
export class JsonResolver {
  /** By the writer's and the reader's record. */
  readonly #records = new Map<AvroRecord, Map<AvroType | null, JsonStep>>();

  /** @param reader null: as it was written */
  resolve(writer: AvroType, reader: AvroType | null): JsonStep {
    if (writer.kind === 'union')
      return { kind: 'union', branches: writer.branches.map((branch) => this.resolve(branch, reader)) };
    if (reader?.kind === 'union') {
      const branch = branchFor(writer, reader.branches);
      return branch === undefined ? refuseStep(writer, reader) : this.resolve(writer, branch);
    }
    switch (writer.kind) {
      case 'record':
        if (reader !== null && reader.kind !== 'record') return refuseStep(writer, reader);
        return this.#record(writer, reader);
      case 'array':
        if (reader !== null && reader.kind !== 'array') return refuseStep(writer, reader);
        return { kind: 'array', items: this.resolve(writer.items, reader?.items ?? null) };
      case 'map':
        if (reader !== null && reader.kind !== 'map') return refuseStep(writer, reader);
        return { kind: 'map', values: this.resolve(writer.values, reader?.values ?? null) };
      case 'enum':
        return enumStep(writer, reader);
      case 'fixed':
        if (reader !== null && !sameNamed(writer, reader)) return refuseStep(writer, reader);
        return { kind: 'scalar', type: writer, as: 'written' };
      default:
        return scalar(writer, reader);
    }
  }

  #record(writer: AvroRecord, reader: AvroRecord | null): JsonStep {
    let known = this.#records.get(writer);
    if (known === undefined) this.#records.set(writer, (known = new Map()));
    const found = known.get(reader);
    if (found !== undefined) return found;
    const fields: JsonRecordStep['fields'][number][] = [];
    const absent: JsonRecordStep['absent'][number][] = [];
    const step: { -readonly [Key in keyof JsonRecordStep]: JsonRecordStep[Key] } = {
      kind: 'record',
      fields,
      absent,
      refusal: null,
    };
    known.set(reader, step);
    const matched = reader === null ? null : matchFields(writer, reader);
    for (const field of writer.fields) {
      const target = matched === null ? field : [...matched].find(([, from]) => from === field)?.[0];
      if (target === undefined) fields.push({ skip: field.type });
      else {
        const readerType = reader === null ? null : target.type;
        fields.push({ key: keyText(target.name), step: this.resolve(field.type, readerType) });
      }
    }
    for (const field of reader?.fields ?? []) {
      if (matched?.has(field) === true) continue;
      const bytes = field.default === undefined ? null : encodeDefault(field.type, field.default.json);
      if (bytes === null) {
        step.refusal = {
          kind: 'refuse',
          problem: `the writer's record ${writer.name} has no field '${field.name}', which has no default`,
        };
      } else absent.push({ key: keyText(field.name), bytes, step: this.resolve(field.type, field.type) });
    }
    return step;
  }
}

/** The reader's symbols for the writer's; those that it doesn't know are its default (A9). */
export function enumStep(writer: AvroEnum, reader: AvroType | null): EnumStep | RefuseStep {
  const written = writer.symbols;
  if (reader === null) return { kind: 'enum', symbols: written, written };
  if (reader.kind !== 'enum' || !sameNamed(writer, reader)) return refuseStep(writer, reader);
  const symbols = written.map((symbol) =>
    reader.symbols.includes(symbol) ? symbol : (reader.default ?? null),
  );
  return { kind: 'enum', symbols, written };
}

function scalar(writer: AvroType, reader: AvroType | null): JsonStep {
  if (reader === null || reader.kind === writer.kind)
    return { kind: 'scalar', type: withLogical(writer, reader), as: 'written' };
  if (!canBecome(writer, reader)) return refuseStep(writer, reader);
  const as = reader.kind === 'bytes' ? 'bytes' : reader.kind === 'string' ? 'text' : 'written';
  return { kind: 'scalar', type: writer, as };
}

/** What a bare number means, the reader may say. */
function withLogical(writer: AvroType, reader: AvroType | null): AvroType {
  const logical = reader !== null && 'logical' in reader ? reader.logical : undefined;
  if (logical === undefined || ('logical' in writer && writer.logical !== undefined)) return writer;
  return { ...writer, logical } as AvroType;
}

/** A value that the reader's type can't take: an error of the record. */
export function refuseStep(writer: AvroType, reader: AvroType): RefuseStep {
  return {
    kind: 'refuse',
    problem: `${describeAvro(writer)} was written, which can't be read as ${describeAvro(reader)}`,
  };
}

function keyText(name: string): string {
  return `${JSON.stringify(name)}:`;
}
