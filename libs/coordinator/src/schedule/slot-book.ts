/** Slots that the pipelines of the cluster hold on each worker, by what their drivers say: heartbeats tell the same, only later. */
export class SlotBook {
  /** Pipeline id -> incarnation -> slots. */
  readonly #held = new Map<string, ReadonlyMap<string, number>>();

  hold(pipelineId: string, slots: ReadonlyMap<string, number>): void {
    this.#held.set(pipelineId, slots);
  }

  release(pipelineId: string): void {
    this.#held.delete(pipelineId);
  }

  /** Slots on a worker that pipelines other than this one hold. */
  heldByOthers(incarnation: string, pipelineId: string): number {
    let sum = 0;
    for (const [holder, slots] of this.#held) {
      if (holder !== pipelineId) sum += slots.get(incarnation) ?? 0;
    }
    return sum;
  }

  heldOn(incarnation: string): number {
    return this.heldByOthers(incarnation, '');
  }
}
