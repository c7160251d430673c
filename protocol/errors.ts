/**
 * The closed family of errors. The class alone says who acts; a vendor's fault is translated inside its connector, with
 * the vendor's own error kept as `cause`.
 */
export abstract class RapportError extends Error {
  /** One sentence: who must do what. */
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.remedy = remedy;
  }
}

/** Nobody acts: the same call succeeds later, not before `retryAt_ms`. */
export class RetryLater extends RapportError {
  readonly retryAt_ms: number;

  constructor(message: string, retryAt_ms: number, cause?: unknown) {
    super(message, 'Nothing to do: Rapport tries again by itself.', cause);
    this.retryAt_ms = retryAt_ms;
  }
}

/** The call may or may not have taken effect (timeout, connection cut after sending). It must be read back, never resent. */
export class Uncertain extends RapportError {
  constructor(message: string, cause?: unknown) {
    super(message, 'Nothing to do: Rapport reads back what happened.', cause);
  }
}

/**
 * The account cannot be called at all until a person acts: its admin, who must connect it again (revoked grant), or as
 * `remedy` says (wrong settings of the app). Nothing that waits is given up meanwhile.
 */
export class Reconnect extends RapportError {
  constructor(message: string, cause?: unknown, remedy = 'An admin must connect this account again.') {
    super(message, remedy, cause);
  }
}

/** The vendor refused the values. `field` is the vendor's field name where the vendor named one. */
export class Rejected extends RapportError {
  readonly field: string | undefined;
  /** The vendor's own; `not_granted` where the grant does not cover the write, whatever its values. */
  readonly code: string;
  /** The row that has a value which only one may have, where the vendor names it. */
  readonly existingId: string | undefined;

  constructor(
    message: string,
    options: {
      code: string;
      field?: string | undefined;
      existingId?: string | undefined;
      remedy?: string;
      cause?: unknown;
    },
  ) {
    super(message, options.remedy ?? 'Change the value, or the rule in the CRM that refuses it.', options.cause);
    this.field = options.field;
    this.code = options.code;
    this.existingId = options.existingId;
  }
}

/** The thing asked for does not exist any more. */
export class Gone extends RapportError {
  constructor(message: string, cause?: unknown, remedy = 'Nothing to do.') {
    super(message, remedy, cause);
  }
}

/** Another process has taken over what this one did under a lease: nothing of it is stored, and this one lets go. */
export class LeaseLost extends RapportError {
  constructor(message: string) {
    super(message, 'Nothing to do: the other process goes on with it.');
  }
}

/** An inbound request is not from whom it says it is. */
export class Unverified extends RapportError {}

/** Settings, a file or a request are wrong: the person who wrote them must change them. */
export class Invalid extends RapportError {}

/** The grant does not cover what is asked for, or the account does not have it; whatever else it covers still works. */
export class OutOfReach extends Invalid {}

/** Our bug. */
export class Fault extends RapportError {
  constructor(message: string, cause?: unknown) {
    super(message, 'This is a fault of Rapport: report it with the time it happened.', cause);
  }
}
