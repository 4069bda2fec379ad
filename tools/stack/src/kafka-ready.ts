import { connect } from 'node:net';

/** ApiVersions request, version 0, correlation id 1, no client id. */
const apiVersionsRequest = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

/**
 * True once a Kafka broker answers a request on this address. A broker accepts connections early in its start, but answers
 * only when it has caught up and is registered; ApiVersions needs no login, so this works on SASL_PLAINTEXT listeners too.
 */
export function kafkaAnswers(host: string, port: number, deadlineMs = 2_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    let received = Buffer.alloc(0);
    socket.setTimeout(deadlineMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('connect', () => socket.write(apiVersionsRequest));
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      // length, correlation id, error code 0
      if (received.length >= 10) finish(received.readInt32BE(4) === 1 && received.readInt16BE(8) === 0);
    });
  });
}
