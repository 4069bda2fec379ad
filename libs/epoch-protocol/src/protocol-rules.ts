/**
 * Every rule of the protocol that broke something in the explicit-state model when it was dropped, by name. All are on;
 * an exploration test switches one off to see the violation again. Letters and Dn are those of the model's report.
 * A rule which no pure function can enforce (it binds the driver around it) says so.
 */
export interface ProtocolRules {
  /** (h) Recovery asks EndTxn(commit) with the saved producer ids before any InitProducerId. */
  readonly savedEndTxnBeforeInit: boolean;
  /** (D7) INVALID_TXN_STATE and INVALID_PRODUCER_ID_MAPPING prove no abort: a late write may reopen the transaction. */
  readonly invalidStateIsUnknown: boolean;
  /** (D1) A verdict is appended at exactly the position that was read; whoever loses reads the entry. Binds the appender. */
  readonly verdictAtReadPosition: boolean;
  /** (D6) Handles marked empty are skipped, not asked about. */
  readonly emptyHandlesSkipped: boolean;
  /** (a) Clean-up (InitProducerId on old ids) only after the verdict is in the ledger. */
  readonly cleanUpAfterVerdict: boolean;
  /** (g, D4; hanging transactions only) Every generation since the last decided epoch is cleaned, not just the last. */
  readonly cleanUpAllGenerations: boolean;
  /** (e) Tasks start only after the verdict, the clean-up and `Placed` are done. */
  readonly startAfterVerdict: boolean;
  /** (b) Transactional ids hold the generation. */
  readonly idsScopedByGeneration: boolean;
  /** (c, redundant with three slots) A slot is used again only when its last epoch is known committed. */
  readonly reuseOnlyCommittedSlot: boolean;
  /** (D3, c) Using a slot again begins with InitProducerId. */
  readonly reuseBeginsWithInit: boolean;
  /** (D2) InitProducerId is called once for a use of a slot; without an answer the task fails. */
  readonly initOncePerUse: boolean;
  /** (D2) A failed task is never restarted in place: it ends the generation. */
  readonly noRestartInPlace: boolean;
  /** (D2) A worker takes Start(g) for a subtask once. */
  readonly startOnce: boolean;
  /** (D3) A sink acts on Commit(g, e) only while the slot still holds e. */
  readonly commitOnlyHeldEpoch: boolean;
  /** (d) Epoch e is decided only when every commit of its parent is acknowledged. */
  readonly decideAfterParentCommitted: boolean;
  /** (D5) An epoch number is never used again, not after `Abandoned` either. */
  readonly epochNumbersUnique: boolean;
  /** (f) The ledger is written by put-if-absent. Binds the store. */
  readonly ledgerPutIfAbsent: boolean;
  /** A wish to go back to an older epoch is fulfilled once for the start that wished it. */
  readonly goBackOnce: boolean;
  /** A coordinator whose entry landed at or below `trimmedThrough` is fenced, its entry counts for nothing. */
  readonly trimFences: boolean;
}

export const allRules: ProtocolRules = {
  savedEndTxnBeforeInit: true,
  invalidStateIsUnknown: true,
  verdictAtReadPosition: true,
  emptyHandlesSkipped: true,
  cleanUpAfterVerdict: true,
  cleanUpAllGenerations: true,
  startAfterVerdict: true,
  idsScopedByGeneration: true,
  reuseOnlyCommittedSlot: true,
  reuseBeginsWithInit: true,
  initOncePerUse: true,
  noRestartInPlace: true,
  startOnce: true,
  commitOnlyHeldEpoch: true,
  decideAfterParentCommitted: true,
  epochNumbersUnique: true,
  ledgerPutIfAbsent: true,
  goBackOnce: true,
  trimFences: true,
};
