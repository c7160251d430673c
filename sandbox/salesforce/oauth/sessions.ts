import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kit/clock.ts';
import type { Storage } from '../../kit/storage.ts';

/** Who holds an access token. */
export interface Session {
  accessToken: string;
  orgId: string;
  userId: string;
  clientId: string;
  /** A person's calls have no limit and read as made in the UI; an app's count and carry a change origin. */
  kind: 'app' | 'person';
  issuedAt_ms: number;
}

/** A session ends after two hours without a call. Source: Salesforce help, session settings (default timeout). */
const idle_ms = 2 * 3_600_000;

/** Access tokens, durable; their last use is not, so that a restart counts as a use at issue. */
export class Sessions {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #lastUsed_ms = new Map<string, number>();

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** `00D…!…`: the org's 15-character id, then the secret part. */
  open(session: Omit<Session, 'accessToken' | 'issuedAt_ms'>): Session {
    const accessToken = `${session.orgId.slice(0, 15)}!AQ${randomBytes(60).toString('base64url')}`;
    const opened: Session = { ...session, accessToken, issuedAt_ms: this.#clock.now_ms() };
    this.#all().set(accessToken, opened);
    return opened;
  }

  /** The session of a token that is still good, which counts as a use; else undefined. */
  use(accessToken: string): Session | undefined {
    const session = this.peek(accessToken);
    if (session) this.#lastUsed_ms.set(accessToken, this.#clock.now_ms());
    return session;
  }

  peek(accessToken: string): Session | undefined {
    const session = this.#all().get(accessToken);
    if (!session) return undefined;
    if (this.expiresAt_ms(session) > this.#clock.now_ms()) return session;
    this.close(accessToken);
    return undefined;
  }

  expiresAt_ms(session: Session): number {
    return (this.#lastUsed_ms.get(session.accessToken) ?? session.issuedAt_ms) + idle_ms;
  }

  close(accessToken: string): boolean {
    const known = this.#all().get(accessToken) !== undefined;
    this.#all().delete(accessToken);
    this.#lastUsed_ms.delete(accessToken);
    return known;
  }

  #all() {
    return this.#storage.collection<Session>('session');
  }
}
