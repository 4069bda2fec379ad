import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { WeirError } from '@weir/kernel/errors.ts';

/** The addresses of a host. @throws WeirError WEIR-4031 when it has none */
export async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new WeirError('WEIR-4031', `the host '${host}' has no address (${codeOf(cause)})`, {
      cause,
      hint: 'check its spelling, and that this process asks the right name server',
    });
  }
}

/** Opens a connection and closes it. @throws WeirError WEIR-4032 when nobody answers there */
export async function knock(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  (await open(host, port, timeoutMs, signal)).destroy();
}

function open(host: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (why: string, cause?: unknown): void => {
      socket.destroy();
      signal.removeEventListener('abort', aborted);
      const hint = 'check host and port, and that no firewall stands between this process and it';
      reject(new WeirError('WEIR-4032', `${host}:${port} can't be connected: ${why}`, { cause, hint }));
    };
    const aborted = (): void => end('the test was cancelled');
    socket.setTimeout(timeoutMs, () => end(`no answer within ${timeoutMs} ms`));
    socket.once('error', (error) => end(codeOf(error), error));
    socket.once('connect', () => {
      signal.removeEventListener('abort', aborted);
      socket.setTimeout(0);
      resolve(socket);
    });
    signal.addEventListener('abort', aborted, { once: true });
  });
}

/** What is wrong with a TLS handshake, by what would mend it. */
export type TlsFault = 'plaintext' | 'authority' | 'name' | 'expired' | 'client' | 'other';

export class TlsRefused extends WeirError {
  readonly fault: TlsFault;

  constructor(fault: TlsFault, message: string, hint: string, cause: unknown) {
    super('WEIR-4033', message, { cause, hint });
    this.fault = fault;
  }
}

/** Shakes hands over TLS, checking chain and name. @returns protocol and whose certificate it is @throws TlsRefused WEIR-4033 */
export async function shakeHands(
  host: string,
  port: number,
  tls: ConnectionOptions,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  const socket = await open(host, port, timeoutMs, signal);
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const secure = connectTls({ ...tls, socket, host, ...name });
    secure.setTimeout(timeoutMs, () => secure.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    secure.once('error', (error) => {
      socket.destroy();
      reject(tlsRefused(host, port, error));
    });
    secure.once('secureConnect', () => {
      const { subject } = secure.getPeerCertificate();
      const common = (subject as { CN?: string } | undefined)?.CN;
      resolve(`${secure.getProtocol() ?? 'TLS'}, certificate of ${String(common ?? host)}`);
      secure.destroy();
    });
  });
}

const unknownAuthority = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

function tlsRefused(host: string, port: number, error: Error): TlsRefused {
  const code = codeOf(error);
  const at = `${host}:${port}`;
  const refused = (fault: TlsFault, message: string, hint: string): TlsRefused =>
    new TlsRefused(fault, `${at}: ${message} (${code})`, hint, error);
  if (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|ECONNRESET/.test(code) ||
    /wrong version/i.test(error.message)
  )
    return refused(
      'plaintext',
      'this port does not speak TLS',
      'take the port of the TLS listener, or a protocol without TLS',
    );
  if (unknownAuthority.has(code))
    return refused(
      'authority',
      'its certificate is signed by an authority that is not known here',
      "give that authority's certificate in 'tls.ca'",
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return refused(
      'name',
      'its certificate is for another name',
      'connect by a name that stands in the certificate',
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return refused('expired', 'its certificate is not valid now', 'renew it at the broker');
  if (/ALERT|HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED/.test(code))
    return refused(
      'client',
      'it refused the handshake',
      "it may want a client certificate: 'tls.cert' and 'tls.key'",
    );
  return refused(
    'other',
    `the TLS handshake failed: ${error.message}`,
    'check the TLS settings of both sides',
  );
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
