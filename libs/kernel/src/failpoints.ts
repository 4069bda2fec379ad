/**
 * The steps of the epoch protocol at which a process can be made to die or to stand still, and what has happened then. `before`: nothing of
 * the step has been done; `after`: it is done, and nothing has followed from it. Whoever adds a step names it here and calls `reached`.
 */
export const failpointSteps = {
  'generation.before': 'controller: a new generation is not in the ledger yet',
  'generation.after': 'controller: the new generation is in the ledger',
  'end-transaction.before': 'controller, recovering: EndTxn of a handle of the base has not been asked for',
  'end-transaction.after': 'controller, recovering: a handle of the base has its answer',
  'record.before':
    'controller: the verdict on an epoch (Committed, Abandoned, Torn) is not in the ledger yet',
  'record.after': 'controller: the verdict is in the ledger',
  'clean-up.before': 'controller, recovering: no transaction of older generations has been ended',
  'clean-up.after': 'controller, recovering: what hung is ended',
  'place.before': 'controller: who runs the generation is not in the ledger yet',
  'place.after': 'controller: the placement is in the ledger, no task is started',
  'start-tasks.before': 'controller: no worker has been told to start',
  'start-tasks.after': 'controller: every worker has been told to start',
  'inject.before': 'controller: the barrier of an epoch has not been published',
  'inject.after': 'controller: the barrier is published',
  'decide.before': 'controller: all have acknowledged, the epoch is not in the ledger',
  'decide.after': 'controller: the epoch is in the ledger, nobody has been told',
  'publish-commit.after': 'controller: the Commit of an epoch is published, nobody has acknowledged it',
  'stop.before': 'controller: the last epoch is recorded, Stopped is not in the ledger',
  'stop.after': 'controller: Stopped is in the ledger',
  'trim.before': 'controller: old ledger entries are still there',
  'trim.after': 'controller: the trim record is written, the entries that it covers are still there',
  'sweep.before': 'controller: transactions of superseded generations are about to be looked for',
  'snapshot.before': 'worker: the barrier has passed a subtask, nothing of its state is in the store',
  'snapshot.after': 'worker: the snapshot of a subtask is in the store',
  'prepare.before': 'worker: a sink has rows of the epoch that are not flushed',
  'prepare.after': 'worker: a sink is flushed, its transaction is prepared and open',
  'acknowledge.before': 'worker: snapshot and transactions of a subtask are ready, nobody knows',
  'acknowledge.after': 'worker: the acknowledgement of a subtask is sent',
  'commit.before': 'worker: an epoch is decided, one of its transactions is still open',
  'commit.after': 'worker: a transaction of a decided epoch is committed, others may be open, nobody knows',
} as const;

export type FailpointName = keyof typeof failpointSteps;

/** Told when a step is reached. Where it is to fail there, the call doesn't come back, or comes back late. */
export interface Failpoints {
  reached(point: FailpointName): void;
}

/** For processes that nobody wants to fail. */
export const noFailpoints: Failpoints = { reached: () => {} };

export function isFailpointName(name: string): name is FailpointName {
  return Object.hasOwn(failpointSteps, name);
}
