import { WeirError } from '@weir/kernel/errors.ts';

export interface NatsSettings {
  /** `nats://host:port`, several by comma. A user and password, or a token, may stand in the first that has any. */
  readonly url: string;
  /** Wins over what stands in the URL. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** What a NATS client connects with. */
export interface NatsAccess {
  /** Without credentials: the client takes none from an address, and shows addresses in errors. */
  readonly servers: readonly string[];
  /** For messages and logs. */
  readonly shown: string;
  readonly options: { readonly user?: string; readonly pass?: string; readonly token?: string };
}

/** @throws WeirError WEIR-6009 for a URL that can't be read (which it doesn't repeat: it may hold a password), or a password without a user */
export function natsAccess(settings: NatsSettings): NatsAccess {
  const urls = settings.url
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(parseServer);
  if (urls.length === 0) throw unreadable('it names no server');
  const servers = urls.map(({ protocol, host }) => `${protocol}//${host}`);
  return { servers, shown: servers.join(','), options: credentialsOf(settings, urls) };
}

function credentialsOf(settings: NatsSettings, urls: readonly URL[]): NatsAccess['options'] {
  if (settings.user !== undefined) {
    return { user: settings.user, ...(settings.password === undefined ? {} : { pass: settings.password }) };
  }
  if (settings.password !== undefined) {
    throw new WeirError('WEIR-6009', 'NATS has a password and no user', {
      hint: 'set WEIR_NATS_USER too',
    });
  }
  const holder = urls.find(({ username }) => username !== '');
  if (holder === undefined) return {};
  const user = decoded(holder.username);
  return holder.password === '' ? { token: user } : { user, pass: decoded(holder.password) };
}

function parseServer(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `nats://${text}`);
  if (url === null || url.host === '') throw unreadable('it is no URL');
  return url;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable('its user or password has a % that begins no escape');
  }
}

function unreadable(why: string): WeirError {
  return new WeirError('WEIR-6009', `the URL of NATS can't be read: ${why}`, {
    hint: 'write nats://host:port, or nats://user:password@host:port with / : @ % in them escaped (%2F %3A %40 %25); or set WEIR_NATS_USER and WEIR_NATS_PASSWORD',
  });
}
