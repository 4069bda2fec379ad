import { status } from '@grpc/grpc-js';
import type { SchemaIdentity } from '@weir/formats/writer-schemas.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { GrpcStatusError } from '@weir/wire/grpc-error.ts';
import { unaryHandler } from '@weir/wire/grpc-handler.ts';
import type {
  CheckCompatibilityRequest,
  CheckCompatibilityResponse,
  GetSubjectRequest,
  GetSubjectResponse,
  GetWriterSchemaRequest,
  GetWriterSchemaResponse,
  ListSubjectsRequest,
  ListSubjectsResponse,
  RegisterSinkRequest,
  RegisterSinkResponse,
  SchemaServiceServer,
  SinkSchema,
} from '@weir/wire/gen/weir/v1/schema.ts';
import { registerSchema } from '../registry/register-schema.ts';
import type { RegisteredSchema, SchemaType } from '../registry/registered-schema.ts';
import type { RegistryPool } from '../registry/registry-pool.ts';
import { describeIdentity } from '../registry/writer-schema-source.ts';

type RegistryCalls = Pick<
  SchemaServiceServer,
  'getWriterSchema' | 'checkCompatibility' | 'registerSink' | 'listSubjects' | 'getSubject'
>;

const schemaTypes: ReadonlySet<string> = new Set<SchemaType>(['avro', 'json', 'protobuf']);
const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const defaultLimit = 100;
const mostSubjects = 1000;

/** The calls of schema-service that ask a registry. A client that goes away ends what was asked for it. */
export function registryCalls(registries: RegistryPool): RegistryCalls {
  return {
    getWriterSchema: unaryHandler((request, _, signal) => getWriterSchema(registries, request, signal)),
    checkCompatibility: unaryHandler((request, _, signal) => checkCompatibility(registries, request, signal)),
    registerSink: unaryHandler((request, _, signal) => registerSink(registries, request, signal)),
    listSubjects: unaryHandler((request, _, signal) => listSubjects(registries, request, signal)),
    getSubject: unaryHandler((request, _, signal) => getSubject(registries, request, signal)),
  };
}

async function getWriterSchema(
  registries: RegistryPool,
  request: GetWriterSchemaRequest,
  signal: AbortSignal,
): Promise<GetWriterSchemaResponse> {
  const identity = identityOf(request);
  const subject = request.subject === '' ? undefined : request.subject;
  const source = await registries.writerSchemas(optionsOf(request), subject);
  const schema = await source.fetch(identity, signal);
  if (schema === undefined) {
    throw new GrpcStatusError(
      status.NOT_FOUND,
      'WEIR-3503',
      `the registry has no schema with ${describeIdentity(identity)}`,
    );
  }
  const { type, text, references } = schema;
  return { schema: { type, text, references: references.map((reference) => ({ ...reference })) } };
}

async function checkCompatibility(
  registries: RegistryPool,
  request: CheckCompatibilityRequest,
  signal: AbortSignal,
): Promise<CheckCompatibilityResponse> {
  const { options, subject, schema } = sinkOf(request.sink);
  const { compatible, reasons } = await (
    await registries.client(options)
  ).compatibility(subject, schema, signal);
  return { compatible, reasons: [...reasons] };
}

async function registerSink(
  registries: RegistryPool,
  request: RegisterSinkRequest,
  signal: AbortSignal,
): Promise<RegisterSinkResponse> {
  const { options, subject, schema } = sinkOf(request.sink);
  const registered = await registerSchema(
    await registries.client(options),
    registries.ports,
    subject,
    schema,
    signal,
  );
  return { id: registered.id, version: registered.version, guid: registered.guid ?? '' };
}

async function listSubjects(
  registries: RegistryPool,
  request: ListSubjectsRequest,
  signal: AbortSignal,
): Promise<ListSubjectsResponse> {
  const wanted = request.query.toLowerCase();
  const all = await (await registries.client(optionsOf(request))).subjects(signal);
  const fitting = all.filter((subject) => subject.toLowerCase().includes(wanted)).toSorted();
  const limit = Math.min(mostSubjects, request.limit > 0 ? request.limit : defaultLimit);
  return { subjects: fitting.slice(0, limit), total: fitting.length };
}

async function getSubject(
  registries: RegistryPool,
  request: GetSubjectRequest,
  signal: AbortSignal,
): Promise<GetSubjectResponse> {
  const subject = named(request.subject);
  const client = await registries.client(optionsOf(request));
  const [versions, version, level] = await Promise.all([
    client.versions(subject, signal),
    client.version(subject, request.version === 0 ? 'latest' : request.version, signal),
    client.compatibilityLevel(subject, signal),
  ]);
  const { id, guid = '', type, text, references } = version;
  return {
    versions: [...versions],
    version: {
      version: version.version,
      id,
      guid,
      type,
      text,
      references: references.map((reference) => ({ ...reference })),
    },
    compatibilityLevel: level,
  };
}

function optionsOf(request: {
  readonly registry: { readonly options: Readonly<Record<string, string>> } | undefined;
}): Readonly<Record<string, string>> {
  return request.registry?.options ?? {};
}

function identityOf(request: GetWriterSchemaRequest): SchemaIdentity {
  switch (request.identity?.$case) {
    case 'id':
      return { id: request.identity.value };
    case 'guid':
      if (guidPattern.test(request.identity.value)) return { guid: request.identity.value.toLowerCase() };
      throw new WeirError('WEIR-3513', `'${request.identity.value.slice(0, 60)}' is no GUID of a schema`);
    default:
      throw new WeirError('WEIR-3513', 'a schema is named by id or guid: neither is given');
  }
}

function named(subject: string): string {
  if (subject !== '') return subject;
  throw new WeirError('WEIR-3513', 'no subject is given');
}

function sinkOf(sink: SinkSchema | undefined): {
  options: Readonly<Record<string, string>>;
  subject: string;
  schema: RegisteredSchema;
} {
  if (sink === undefined) throw new WeirError('WEIR-3513', 'no schema is given');
  if (!schemaTypes.has(sink.type)) {
    throw new WeirError('WEIR-3513', `'${sink.type}' is no type of schema`, {
      hint: `use one of ${[...schemaTypes].join(', ')}`,
    });
  }
  return {
    options: optionsOf(sink),
    subject: named(sink.subject),
    schema: { type: sink.type as SchemaType, text: sink.text, references: sink.references },
  };
}
