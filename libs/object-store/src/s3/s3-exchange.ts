import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Uint8Array;
}

/** No whole answer came. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** False: the request can't have reached the server, no connection was made. */
  readonly mayHaveArrived: boolean;

  constructor(cause: Error, mayHaveArrived: boolean) {
    super(cause.message || String((cause as NodeJS.ErrnoException).code ?? cause.name), { cause });
    this.mayHaveArrived = mayHaveArrived;
  }
}

export interface HttpMessage {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/**
 * Sends one HTTP request and reads the whole answer. Nothing is repeated here.
 * @param silenceMs the longest time without a byte in either direction, also while connecting
 * @throws NoAnswer
 */
export function exchange(message: HttpMessage, agent: Agent, silenceMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { body, protocol, ...rest } = message;
    const options: RequestOptions = {
      ...rest,
      headers: { ...message.headers, ...(body === undefined ? {} : { 'content-length': body.length }) },
      agent,
      timeout: silenceMs,
    };
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)(options);
    const connected = watchConnection(request, protocol);
    const fail = (error: Error) => reject(new NoAnswer(error, connected()));
    request.once('timeout', () => request.destroy(new Error(`no answer for ${silenceMs} ms`)));
    request.on('error', fail);
    request.once('response', (response) => {
      readWhole(response).then(resolve, fail);
    });
    request.end(body);
  });
}

/** True once the request may have left this machine. */
function watchConnection(request: ClientRequest, protocol: string): () => boolean {
  let connected = false;
  request.once('socket', (socket) => {
    if (!socket.connecting) connected = true;
    else socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => (connected = true));
  });
  return () => connected;
}

async function readWhole(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}
