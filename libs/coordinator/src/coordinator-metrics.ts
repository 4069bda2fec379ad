/** What the coordinator counts. The controller's process puts it into Prometheus; tests leave it out. */
export interface CoordinatorMetrics {
  epochDecided(pipeline: string, seconds: number): void;
  epochCommitted(pipeline: string, seconds: number): void;
  generationBegun(pipeline: string): void;
  /** From the loss of a generation to the first epoch that the next one committed. */
  recovered(pipeline: string, seconds: number): void;
}

export const noMetrics: CoordinatorMetrics = {
  epochDecided() {},
  epochCommitted() {},
  generationBegun() {},
  recovered() {},
};
