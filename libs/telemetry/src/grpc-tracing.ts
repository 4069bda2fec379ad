import { Metadata, ServerInterceptingCall, status } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';
import { startSpan } from './spans.ts';
import type { OpenSpan } from './spans.ts';

/** Server side: a span a call, child of the caller's; the handler runs inside it. */
export const tracingServerInterceptor: ServerInterceptor = (method, call) => {
  let span: OpenSpan | undefined;
  return new ServerInterceptingCall(call, {
    start(next) {
      next({
        onReceiveMetadata(metadata: Metadata, forward) {
          span = startSpan(method.path.slice(1), {
            kind: 'server',
            parent: String(metadata.get('traceparent')[0] ?? ''),
            attributes: { 'rpc.system': 'grpc' },
          });
          forward(metadata);
        },
        onReceiveHalfClose(forward) {
          // Unary and server-streaming handlers begin here: they run with the span active.
          if (span === undefined) forward();
          else span.run(forward);
        },
        onCancel() {
          span?.attribute('rpc.cancelled', true);
          span?.end();
          span = undefined;
        },
      });
    },
    sendStatus(outcome, forward) {
      if (span !== undefined) endCall(span, outcome.code, outcome.details ?? '');
      span = undefined;
      forward(outcome);
    },
  });
};

function endCall(span: OpenSpan, code: number, details: string): void {
  span.attribute('rpc.grpc.status_code', code);
  if (code === status.OK || code === status.CANCELLED) span.end();
  else span.end({ error: new Error(details) });
}
