/** What one server takes from its clients. */
export interface CallLimits {
  /** Bytes of one message that is received. */
  readonly receiveBytes: number;
  /** Bytes of one message that is sent. */
  readonly sendBytes: number;
  /** Calls that one connection may have under way. */
  readonly callsPerConnection: number;
}

const mebibyte = 1024 * 1024;

/** For people and their programs: SQL texts and what is said of pipelines. */
export const publicLimits: CallLimits = {
  receiveBytes: 4 * mebibyte,
  sendBytes: 4 * mebibyte,
  callsPerConnection: 100,
};

/**
 * Bytes of a frame of rows at most: a batch is split until its frames are small, so only one row with a very large value comes
 * near it.
 */
export const largestFrameBytes = 64 * mebibyte;

/** Between processes of a cluster: what comes in is at most a plan with the snapshots that it begins from; what goes out is at most a frame. */
export const internalLimits: CallLimits = {
  receiveBytes: 16 * mebibyte,
  sendBytes: largestFrameBytes + 64 * 1024,
  // Each task of each pipeline is watched by a call of its own.
  callsPerConnection: 1000,
};
