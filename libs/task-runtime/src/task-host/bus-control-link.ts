import type { ControlBus } from '@weir/control-bus/control-bus.ts';
import { envelopeHeaders, readEnvelope } from '@weir/control-bus/envelope.ts';
import { generationSubject, type PipelineSubject } from '@weir/control-bus/subjects.ts';
import type { Rng } from '@weir/kernel/ports.ts';
import type { ControlLink } from './task-environment.ts';

/** What controllers say to a generation's tasks. */
const controllerTopics = ['inject', 'commit', 'ask-acknowledgements'];

/** A generation's subjects on the control bus. */
export function busControlLink(
  bus: ControlBus,
  rng: Rng,
  scope: PipelineSubject,
  generation: number,
): ControlLink {
  return {
    publish({ topic, epoch, bytes, traceparent }) {
      const headers = envelopeHeaders({
        messageId: rng.id(12),
        generation,
        epoch,
        ...(traceparent === '' ? {} : { traceparent }),
      });
      bus.publish(generationSubject(scope, generation, topic), bytes, headers);
    },
    subscribe(onMessage) {
      const ends = controllerTopics.map((topic) =>
        bus.subscribe(generationSubject(scope, generation, topic), async (message) => {
          const envelope = readEnvelope(message);
          if (envelope === undefined) return;
          if (envelope.generation !== undefined && envelope.generation !== generation) return;
          await onMessage(message.bytes, envelope.traceparent ?? '');
        }),
      );
      return () => ends.forEach((end) => end());
    },
  };
}
