import { WeirError } from '@weir/kernel/errors.ts';

/** WEIR-7001: a ledger entry (or trim record) that this version can't read. The reader stops; it never skips. */
export class LedgerUnreadable extends WeirError {
  override readonly name = 'LedgerUnreadable';
  constructor(what: string, options: { cause?: unknown; hint?: string } = {}) {
    super('WEIR-7001', `the ledger can't be read: ${what}`, {
      hint: 'a newer Weir may have written it: run that version; if the store was damaged, restore it from a copy',
      ...options,
    });
  }
}

/** WEIR-7002: an entry that the ledger before it doesn't allow. Whoever is about to append it has a defect. */
export class IllegalLedgerEntry extends WeirError {
  override readonly name = 'IllegalLedgerEntry';
  constructor(entry: string, rule: string) {
    super('WEIR-7002', `the ledger doesn't allow ${entry}: ${rule}`);
  }
}

/** WEIR-7003: a state machine was asked for a transition that it doesn't have. The task fails, which ends its generation. */
export class IllegalTransition extends WeirError {
  override readonly name = 'IllegalTransition';
  readonly from: string;
  readonly event: string;
  constructor(machine: string, from: string, event: string, rule: string) {
    super('WEIR-7003', `${machine}: ${event} is not possible when ${from}: ${rule}`);
    this.from = from;
    this.event = event;
  }
}
