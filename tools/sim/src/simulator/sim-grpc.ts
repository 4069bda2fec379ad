import { EventEmitter } from 'node:events';
import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { noteCaller } from '@weir/wire/caller.ts';
import type { GrpcService } from '@weir/wire/grpc-server.ts';
import type { SimProcess } from '@weir/testkit/sim-process.ts';
import type { SimWorld } from '@weir/testkit/sim-world.ts';

type Handler = (call: unknown, callback?: (error: unknown, response: unknown) => void) => void;

interface Server {
  readonly process: SimProcess;
  readonly handlers: Readonly<Record<string, Handler>>;
}

interface Connection {
  readonly from: SimProcess;
  readonly to: SimProcess;
  readonly address: string;
  readonly break: () => void;
}

/** Calls between processes as gRPC has them: with latency, in order, broken when an end dies. Real handlers answer them. */
export class SimGrpc {
  readonly world: SimWorld;
  slowestMs = 1;
  readonly #servers = new Map<string, Server>();
  readonly #connections = new Set<Connection>();

  constructor(world: SimWorld) {
    this.world = world;
  }

  listen(process: SimProcess, address: string, services: readonly GrpcService[]): void {
    const handlers: Record<string, Handler> = {};
    for (const { implementation } of services) {
      for (const [name, handle] of Object.entries(implementation)) handlers[name] = handle as Handler;
    }
    this.#servers.set(address, { process, handlers });
  }

  /** The network between two processes fails for a moment: what is open breaks at both ends. */
  breakBetween(a: SimProcess, b: SimProcess): void {
    for (const each of [...this.#connections]) {
      if ((each.from === a && each.to === b) || (each.from === b && each.to === a)) each.break();
    }
  }

  /** A client gives up all its connections to an address. */
  drop(from: SimProcess, address: string): void {
    for (const each of [...this.#connections]) {
      if (each.from === from && each.address === address) each.break();
    }
  }

  server(address: string): Server | undefined {
    const server = this.#servers.get(address);
    return server?.process.alive === true ? server : undefined;
  }

  track(connection: Connection): () => void {
    this.#connections.add(connection);
    return () => void this.#connections.delete(connection);
  }

  /** Calls back inside `from`, once; with UNAVAILABLE when the other end dies first. */
  unary<Response>(
    from: SimProcess,
    address: string,
    method: string,
    request: unknown,
    deadlineMs: number,
    callback: (error: ServiceError | null, response: Response) => void,
  ): { cancel(): void } {
    const server = this.server(address);
    let settled = false;
    const finish = (error: unknown, response: unknown): void => {
      if (settled) return;
      settled = true;
      untrack();
      this.world.after(this.latency(), () =>
        from.dispatch(() => callback(error as ServiceError | null, response as Response)),
      );
    };
    const broken = (): void => finish(serviceError(status.UNAVAILABLE, 'the connection broke'), null);
    let untrack = (): void => {};
    from.after(deadlineMs, () => finish(serviceError(status.DEADLINE_EXCEEDED, 'no answer in time'), null));
    if (server === undefined) broken();
    else {
      untrack = this.track({ from, to: server.process, address, break: broken });
      const offDeath = server.process.onDeath(broken);
      const dropped = untrack;
      untrack = () => (dropped(), offDeath());
      this.world.after(this.latency(), () =>
        server.process.dispatch(() =>
          server.handlers[method]?.(new SimServerCall(from, request), (error, response) =>
            finish(error === null ? null : asServiceError(error), response),
          ),
        ),
      );
    }
    return { cancel: () => finish(serviceError(status.CANCELLED, 'cancelled'), null) };
  }

  stream(from: SimProcess, address: string, method: string, request: unknown): SimClientStream {
    return new SimClientStream(this, from, address, method, request);
  }

  latency(): number {
    return 0.1 + this.world.random.next() * this.slowestMs;
  }
}

/** The client's end of a server-stream. */
export class SimClientStream extends EventEmitter {
  /** What becomes of a message at the moment that it is written. */
  encode: (message: unknown) => unknown = (message) => message;
  readonly #grpc: SimGrpc;
  readonly #from: SimProcess;
  #server: SimServerStream | undefined;
  #lastAtMs = 0;
  #ended = false;
  #untrack: () => void = () => {};

  constructor(grpc: SimGrpc, from: SimProcess, address: string, method: string, request: unknown) {
    super();
    this.#grpc = grpc;
    this.#from = from;
    const server = grpc.server(address);
    if (server === undefined) {
      this.deliver(() => this.#end('error', serviceError(status.UNAVAILABLE, 'nobody listens there')));
      return;
    }
    const { process } = server;
    const stream = new SimServerStream(this, from, process, request);
    this.#server = stream;
    const broken = (): void => this.#break();
    const ends = [
      grpc.track({ from, to: process, address, break: broken }),
      process.onDeath(broken),
      from.onDeath(broken),
    ];
    this.#untrack = () => ends.forEach((end) => end());
    grpc.world.after(grpc.latency(), () => process.dispatch(() => server.handlers[method]?.(stream)));
  }

  cancel(): void {
    if (this.#ended) return;
    this.#hangUp();
    this.deliver(() => this.#end('error', serviceError(status.CANCELLED, 'Cancelled on client')));
  }

  /** In order, one after the other, inside the client. */
  deliver(run: () => void): void {
    const { world } = this.#grpc;
    this.#lastAtMs = Math.max(this.#lastAtMs + 0.001, world.nowMs + this.#grpc.latency());
    world.after(this.#lastAtMs - world.nowMs, () => this.#from.dispatch(() => this.#ended || run()));
  }

  finished(error: unknown): void {
    this.#untrack();
    this.deliver(() => (error === undefined ? this.#end('end') : this.#end('error', asServiceError(error))));
  }

  #break(): void {
    this.#hangUp();
    this.deliver(() => this.#end('error', serviceError(status.UNAVAILABLE, 'the connection broke')));
  }

  #hangUp(): void {
    this.#untrack();
    const server = this.#server;
    this.#grpc.world.after(this.#grpc.latency(), () => server?.cancelled());
  }

  #end(event: 'end' | 'error', error?: unknown): void {
    this.#ended = true;
    this.emit(event, error);
  }
}

/** How many messages may be on their way before a writer is asked to wait. */
const windowMessages = 12;

/** The server's end: what a handler of a unary call gets. */
class SimServerCall extends EventEmitter {
  readonly request: unknown;
  readonly metadata = new Metadata();

  constructor(from: SimProcess, request: unknown) {
    super();
    this.request = request;
    noteCaller(this.metadata, { kind: 'anonymous', name: from.name, peer: from.name });
  }
}

/** What a handler of a server-stream gets. */
class SimServerStream extends SimServerCall {
  readonly writableLength = 0;
  readonly #client: SimClientStream;
  readonly #process: SimProcess;
  #underWay = 0;
  #full = false;
  #over = false;

  constructor(client: SimClientStream, from: SimProcess, process: SimProcess, request: unknown) {
    super(from, request);
    this.#client = client;
    this.#process = process;
    this.on('error', (error) => this.#finish(error));
  }

  sendMetadata(metadata: Metadata): void {
    if (this.#process.alive) this.#client.deliver(() => this.#client.emit('metadata', metadata));
  }

  /** `done` is called when the message has left, or never can. */
  write(message: unknown, done?: (error?: Error) => void): boolean {
    if (!this.#process.alive) return true;
    if (this.#over) {
      this.#process.dispatch(() => done?.(new Error('the stream is over')));
      return true;
    }
    this.#underWay += 1;
    const sent = this.#client.encode(message);
    this.#client.deliver(() => {
      this.#client.emit('data', sent);
      this.#underWay -= 1;
      this.#process.dispatch(() => done?.());
      if (!this.#full || this.#underWay > 0) return;
      this.#full = false;
      this.#process.dispatch(() => this.emit('drain'));
    });
    this.#full = this.#underWay >= windowMessages;
    return !this.#full;
  }

  end(): void {
    this.#finish(undefined);
  }

  cancelled(): void {
    if (this.#over) return;
    this.#over = true;
    this.#process.dispatch(() => this.emit('cancelled'));
  }

  #finish(error: unknown): void {
    if (this.#over || !this.#process.alive) return;
    this.#over = true;
    this.#client.finished(error);
    this.emit('close');
  }
}

function serviceError(code: number, details: string): ServiceError {
  return asServiceError({ code, details, metadata: new Metadata() });
}

function asServiceError(error: unknown): ServiceError {
  const { code, details, metadata } = error as ServiceError;
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata });
}
