/** A worker as its heartbeats tell. */
export interface KnownWorker {
  readonly incarnation: string;
  /** `host:port` of its gRPC server. */
  readonly address: string;
  readonly adminAddress: string;
  readonly slots: number;
  readonly usedSlots: number;
  /** It is leaving: place nothing on it. */
  readonly draining: boolean;
  /** Wall time of its last heartbeat, ms. */
  readonly lastSeenMs: number;
}

/** The workers of the cluster. */
export interface WorkerDirectory {
  /** Those that are thought alive. */
  workers(): readonly KnownWorker[];
  /** True when it is known to be dead: silent for too long, while our own bus was connected. */
  isGone(incarnation: string): boolean;
  /** Monotonic ms until which workers that live may not have been heard yet; tasks are spread only then. Left out: all are known. */
  readonly settlesAtMs?: number;
  /** Called when workers come or go. Returns what ends it. */
  onChange(listener: () => void): () => void;
}
