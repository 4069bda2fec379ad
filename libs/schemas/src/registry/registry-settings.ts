import { WeirError } from '@weir/kernel/errors.ts';

/** How a registry is told who asks. */
export type RegistryAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** PEM texts. */
export interface RegistryTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A schema registry with Confluent's REST API, as the options of a table or profile name it. */
export interface RegistrySettings {
  /** At least one; without a slash at the end, a query or credentials. A path stays: everything is asked below it. */
  readonly urls: readonly URL[];
  readonly auth: RegistryAuth;
  readonly tls: RegistryTls;
}

const prefix = 'schema_registry.';

/**
 * Reads `schema_registry.*` from options in which variables and secrets are filled in. Undefined when no endpoint is given.
 * @throws WeirError WEIR-3500 for an address or a combination that can't be used; no value of an option is in its text
 */
export function registrySettings(options: Readonly<Record<string, string>>): RegistrySettings | undefined {
  const endpoint = options[`${prefix}endpoint`];
  if (endpoint === undefined || endpoint.trim() === '') return undefined;
  const urls = endpoint.split(',').map((text) => endpointUrl(text.trim()));
  return { urls, auth: authOf(options), tls: tlsOf(options) };
}

/**
 * What schemas of this registry are cached under, beside their context: ids of two registries are different schemas.
 * The order of several addresses does not matter.
 */
export function registryKey(urls: readonly URL[]): string {
  return urls
    .map((url) => url.href)
    .toSorted()
    .join(',');
}

function endpointUrl(text: string): URL {
  const option = `option '${prefix}endpoint'`;
  if (!URL.canParse(text)) {
    throw new WeirError('WEIR-3500', `${option} holds an address that is no URL`, {
      hint: "write it with its scheme, for example 'https://registry:8081'",
    });
  }
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new WeirError('WEIR-3500', `${option} begins with ${url.protocol}, which is no web address`, {
      hint: "use 'http://…' or 'https://…'",
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new WeirError('WEIR-3500', `${option} holds a user name or password`, {
      hint: `give them as '${prefix}api_key' and '${prefix}api_secret': addresses are shown in messages`,
    });
  }
  if (url.search !== '' || url.hash !== '') {
    throw new WeirError('WEIR-3500', `${option} holds a query or fragment (after ? or #)`, {
      hint: 'leave it out: only the path of the registry belongs to its address',
    });
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

function authOf(options: Readonly<Record<string, string>>): RegistryAuth {
  const username = options[`${prefix}api_key`];
  const password = options[`${prefix}api_secret`];
  const token = options[`${prefix}bearer_token`];
  if (token !== undefined) {
    if (username !== undefined || password !== undefined) {
      throw new WeirError(
        'WEIR-3500',
        `'${prefix}bearer_token' and '${prefix}api_key' are two ways to say who asks: give one of them`,
      );
    }
    return { kind: 'bearer', token };
  }
  if (username === undefined && password === undefined) return { kind: 'none' };
  if (username === undefined || password === undefined) {
    const missing = username === undefined ? 'api_key' : 'api_secret';
    throw new WeirError('WEIR-3500', `'${prefix}${missing}' is missing: basic auth needs key and secret`);
  }
  return { kind: 'basic', username, password };
}

function tlsOf(options: Readonly<Record<string, string>>): RegistryTls {
  const ca = options[`${prefix}tls.ca`];
  const cert = options[`${prefix}tls.cert`];
  const key = options[`${prefix}tls.key`];
  if ((cert === undefined) !== (key === undefined)) {
    const missing = cert === undefined ? 'tls.cert' : 'tls.key';
    throw new WeirError(
      'WEIR-3500',
      `'${prefix}${missing}' is missing: a client certificate is used with its key`,
    );
  }
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
