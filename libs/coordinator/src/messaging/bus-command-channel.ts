import { maxMessageBytes, type BusMessage } from '@weir/control-bus/control-bus.ts';
import { envelopeHeaders, readEnvelope } from '@weir/control-bus/envelope.ts';
import { readStoredMessage } from '@weir/control-bus/stored-message.ts';
import { generationPattern, generationSubject } from '@weir/control-bus/subjects.ts';
import { pipelinePrefix } from '@weir/epoch-protocol/ledger-keys.ts';
import type { PipelineScope } from '@weir/epoch-protocol/transactional-id.ts';
import { describeError } from '@weir/kernel/errors.ts';
import { ControlMessage } from '@weir/wire/gen/weir/internal/v1/control.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import type { CommandChannel, SubtaskMessage } from './command-channel.ts';

type Body = NonNullable<ControlMessage['body']>;

/** Subjects end in what the message is. */
const topics: Partial<Record<Body['$case'], string>> = {
  inject: 'inject',
  commit: 'commit',
  askAcknowledgements: 'ask-acknowledgements',
};

/** Room for the envelope beside a body. */
const largestBodyBytes = maxMessageBytes - 1024;

export function openCommandChannel(
  context: CoordinatorContext,
  scope: PipelineScope,
  generation: number,
  onMessage: (message: SubtaskMessage) => void,
): CommandChannel {
  return new BusCommandChannel(context, scope, generation, onMessage);
}

class BusCommandChannel implements CommandChannel {
  readonly #context: CoordinatorContext;
  readonly #scope: PipelineScope;
  readonly #generation: number;
  readonly #onMessage: (message: SubtaskMessage) => void;
  readonly #unsubscribe: () => void;
  /** Key of a Commit that was too large for the bus, by epoch; the newest only. */
  #stored: { readonly epoch: number; readonly key: Promise<string> } | null = null;

  constructor(
    context: CoordinatorContext,
    scope: PipelineScope,
    generation: number,
    onMessage: (message: SubtaskMessage) => void,
  ) {
    this.#context = context;
    this.#scope = scope;
    this.#generation = generation;
    this.#onMessage = onMessage;
    this.#unsubscribe = context.bus.subscribe(generationPattern(scope, generation), (message) =>
      this.#receive(message),
    );
  }

  inject: CommandChannel['inject'] = (e, parent, final, traceparent) => {
    this.#send(e, { $case: 'inject', value: { parent, final } }, traceparent);
  };

  commit: CommandChannel['commit'] = (e, handles, traceparent) => {
    this.#send(e, { $case: 'commit', value: { handlesJson: JSON.stringify(handles) } }, traceparent);
  };

  askAcknowledgements: CommandChannel['askAcknowledgements'] = (e) => {
    this.#send(e, { $case: 'askAcknowledgements', value: {} }, '');
  };

  close(): void {
    this.#unsubscribe();
    this.#forgetStored();
  }

  #send(epoch: number, body: Body, traceparent: string): void {
    const bytes = this.#encode(epoch, body);
    const topic = topics[body.$case] ?? 'control';
    if (bytes.length <= largestBodyBytes) return this.#publish(topic, epoch, bytes, traceparent);
    this.#storedKey(epoch, bytes).then(
      (value) => this.#publish(topic, epoch, this.#encode(epoch, { $case: 'storedAt', value }), traceparent),
      (error: unknown) => {
        // It is repeated until it is answered.
        this.#stored = null;
        this.#warn('a large message could not be stored', error);
      },
    );
  }

  #publish(topic: string, epoch: number, bytes: Uint8Array, traceparent: string): void {
    const headers = envelopeHeaders({
      messageId: this.#context.ports.rng.id(12),
      generation: this.#generation,
      epoch,
      ...(traceparent === '' ? {} : { traceparent }),
    });
    try {
      this.#context.bus.publish(generationSubject(this.#scope, this.#generation, topic), bytes, headers);
    } catch (error) {
      this.#warn('a message could not be sent', error);
    }
  }

  #encode(epoch: number, body: Body): Uint8Array {
    return ControlMessage.encode({
      formatVersion: 1,
      messageId: this.#context.ports.rng.id(12),
      generation: this.#generation,
      epoch,
      sender: this.#context.writer,
      body,
    }).finish();
  }

  #storedKey(epoch: number, bytes: Uint8Array): Promise<string> {
    if (this.#stored?.epoch === epoch) return this.#stored.key;
    this.#forgetStored();
    const key = `${pipelinePrefix(this.#scope)}messages/${this.#generation}.${epoch}.${this.#context.ports.rng.id(10)}`;
    const stored = this.#context.store.put(key, bytes).then(() => key);
    this.#stored = { epoch, key: stored };
    return stored;
  }

  /** An epoch later nobody asks for it; if the delete fails, the pipeline's removal takes it along. */
  #forgetStored(): void {
    this.#stored?.key.then((key) => this.#context.store.delete(key)).catch(() => {});
    this.#stored = null;
  }

  async #receive(message: BusMessage): Promise<void> {
    const envelope = readEnvelope(message);
    if (envelope?.generation !== undefined && envelope.generation !== this.#generation) return;
    const decoded = await this.#resolve(message.bytes);
    if (decoded === undefined || decoded.generation !== this.#generation) return;
    const kind = decoded.body?.$case;
    if (kind === 'snapshotted' || kind === 'commitAcknowledged' || kind === 'activity')
      this.#onMessage(decoded);
  }

  async #resolve(bytes: Uint8Array): Promise<ControlMessage | undefined> {
    const message = ControlMessage.decode(bytes);
    if (message.formatVersion !== 1) return undefined;
    if (message.body?.$case !== 'storedAt' || message.sender === this.#context.writer) return message;
    const { store } = this.#context;
    const stored = await readStoredMessage(store, pipelinePrefix(this.#scope), message.body.value);
    return stored && ControlMessage.decode(stored);
  }

  #warn(message: string, error: unknown): void {
    this.#context.log.warn({ pipeline: this.#scope.pipeline, error: describeError(error) }, message);
  }
}
