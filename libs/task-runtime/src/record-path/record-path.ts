import type { Clock } from '@weir/kernel/ports.ts';
import type { Sink } from '@weir/connectors/sink.ts';
import type { Source } from '@weir/connectors/source.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { Exchange, Stage } from '@weir/plan/physical-plan.ts';
import type { FramePartitioner } from '../exchange/frame-port.ts';
import { columnarDecoder } from '../exchange/columnar-frames.ts';
import { ExchangeSend } from '../exchange/exchange-send.ts';
import type { InboundChannel } from '../exchange/inbound-channel.ts';
import { InputGate, type ExchangeInput } from './input-gate.ts';
import { OperatorChain, type OperatorFactory } from './operator-chain.ts';
import type { OutboundChannel } from '../exchange/outbound-channel.ts';
import { SinkEnd } from './sink-end.ts';
import { SourceInput } from './source-input.ts';

/** What a subtask's record path is made of; the connectors and channels are its surroundings'. */
export interface RecordPathParts {
  readonly stage: Stage;
  readonly exchanges: readonly Exchange[];
  readonly firstEpoch: number;
  readonly clock: Clock;
  readonly makeOperator: OperatorFactory;
  /** By operator id. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly sinks: ReadonlyMap<string, Sink>;
  /** Splits what this subtask sends into an exchange. */
  readonly partitioner: (exchange: Exchange) => FramePartitioner;
  /** By receiving subtask. */
  readonly outbound: (exchange: Exchange) => readonly (OutboundChannel | undefined)[];
  /** In the order of the sending subtasks. */
  readonly inbound: (exchange: Exchange) => readonly InboundChannel[];
  readonly fail: (error: unknown) => void;
}

export interface RecordPath {
  readonly chain: OperatorChain;
  readonly gate: InputGate;
  readonly sources: readonly SourceInput[];
  readonly sinks: readonly SinkEnd[];
  readonly sends: readonly ExchangeSend[];
}

/** Sources and exchange inputs -> operators -> sinks and exchanges, for one subtask of a stage. */
export function composeRecordPath(parts: RecordPathParts): RecordPath {
  const { stage, exchanges, clock } = parts;
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  const chain = new OperatorChain(stage, byId, parts.makeOperator);

  const sinks = [...parts.sinks].map(([operator, sink]) => {
    const { node } = chain.node(operator).planned;
    assert(node.kind === 'sink', 'a sink belongs to a sink node');
    const end = new SinkEnd(operator, node, sink, parts.fail);
    chain.attachEnd(operator, end);
    return end;
  });
  const sends = exchanges
    .filter((exchange) => exchange.from.stage === stage.id)
    .map((exchange) => {
      const send = new ExchangeSend(parts.partitioner(exchange), parts.outbound(exchange));
      chain.attachEnd(exchange.from.operator, send);
      return send;
    });
  const sources = [...parts.sources].map(
    ([operator, source]) => new SourceInput(source, chain.node(operator), chain, clock),
  );
  const inputs = exchanges
    .filter((exchange) => exchange.to.stage === stage.id)
    .map((exchange): ExchangeInput => ({
      node: present(chain.node(exchange.to.operator), 'the receiving operator'),
      input: exchange.to.input,
      decoder: columnarDecoder(exchange.schema),
      channels: parts.inbound(exchange),
    }));
  const gate = new InputGate(inputs, sources.length > 0, parts.firstEpoch);
  return { chain, gate, sources, sinks, sends };
}
