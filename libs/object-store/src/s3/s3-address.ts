import { InvalidStoreName } from '../store-errors.ts';
import { checkKey } from '../store-keys.ts';

/** Where a store's objects are. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or parts joined by single slashes. */
  readonly prefix: string;
  /** Scheme, host and port of the server; requests go to a path below it. */
  readonly endpoint: URL;
  readonly region: string;
  /** True: the bucket is the first part of the path; false: it is the first part of the host name. */
  readonly pathStyle: boolean;
}

/** What is read of a process's environment: `AWS_REGION`, `AWS_ENDPOINT_URL_S3`, … */
export type Environment = Readonly<Record<string, string | undefined>>;

const parameters = new Set(['endpoint', 'region', 'path_style']);

/**
 * Reads `s3://bucket/prefix?endpoint=http://127.0.0.1:9000&region=us-east-1&path_style=true`. What the address leaves out comes from
 * the variables that every AWS tool reads, then from defaults: region us-east-1, that region's endpoint of AWS, path style only with an
 * endpoint of one's own.
 * @throws InvalidStoreName
 */
export function parseS3Address(address: string, environment: Environment): S3Location {
  const url = new URL(address);
  refuseStrangeParts(url, address);
  const bucket = url.hostname;
  const prefix = decodeURIComponent(url.pathname).replace(/^\//, '').replace(/\/$/, '');
  checkPrefix(prefix, address);
  const region =
    url.searchParams.get('region') ||
    environment['AWS_REGION'] ||
    environment['AWS_DEFAULT_REGION'] ||
    'us-east-1';
  const given =
    url.searchParams.get('endpoint') ||
    environment['AWS_ENDPOINT_URL_S3'] ||
    environment['AWS_ENDPOINT_URL'] ||
    undefined;
  const endpoint = parseEndpoint(given ?? amazonEndpoint(region), address);
  // A bucket with dots is no name that Amazon's certificate covers.
  const pathStyle =
    parseFlag(url.searchParams.get('path_style'), address) ?? (given !== undefined || bucket.includes('.'));
  return { bucket, prefix, endpoint, region, pathStyle };
}

function refuseStrangeParts(url: URL, address: string): void {
  if (url.username !== '' || url.password !== '') {
    // The address is shown in logs, so it is not repeated here.
    throw new InvalidStoreName(
      `an s3:// address holds a user name or password`,
      'give credentials by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile (AWS_PROFILE) or a role of the machine',
    );
  }
  if (url.hostname === '' || url.port !== '') {
    throw new InvalidStoreName(
      `${address}: the bucket's name follows s3://`,
      'write s3://bucket/prefix?endpoint=http://host:port',
    );
  }
  for (const name of url.searchParams.keys()) {
    if (parameters.has(name)) continue;
    throw new InvalidStoreName(
      `${address}: '${name}' is no option of an S3 store`,
      `the options are ${[...parameters].join(', ')}`,
    );
  }
}

function checkPrefix(prefix: string, address: string): void {
  if (prefix === '') return;
  checkKey(prefix);
  if (prefix.split('/').some((part) => part === '.' || part === '..'))
    throw new InvalidStoreName(`${address}: a prefix has no part '.' or '..'`);
}

function amazonEndpoint(region: string): string {
  return `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function parseEndpoint(given: string, address: string): URL {
  const endpoint = URL.canParse(given) ? new URL(given) : undefined;
  if (endpoint !== undefined && /^https?:$/.test(endpoint.protocol) && endpoint.pathname === '/')
    return endpoint;
  throw new InvalidStoreName(
    `${address}: '${given}' is no endpoint`,
    'write http://host:port or https://host, without a path',
  );
}

function parseFlag(value: string | null, address: string): boolean | undefined {
  if (value === null) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new InvalidStoreName(`${address}: path_style is true or false, not '${value}'`);
}
