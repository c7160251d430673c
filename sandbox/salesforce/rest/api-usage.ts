import type { Clock } from '../../kit/clock.ts';
import type { Storage } from '../../kit/storage.ts';
import type { Org } from '../org/org.ts';

const hour_ms = 3_600_000;

/** REST calls of apps in the last 24 hours, by org and hour. Source: REST API guide, Sforce-Limit-Info header. */
export class ApiUsage {
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  used({ orgId }: Org): number {
    const hour = this.#hour();
    let sum = 0;
    for (let back = 0; back < 24; back += 1) sum += this.#counts().get(`${orgId}:${hour - back}`) ?? 0;
    return sum;
  }

  count({ orgId }: Org): void {
    const key = `${orgId}:${this.#hour()}`;
    this.#counts().set(key, (this.#counts().get(key) ?? 0) + 1);
  }

  #hour(): number {
    return Math.floor(this.#clock.now_ms() / hour_ms);
  }

  #counts() {
    return this.#storage.collection<number>('api-usage');
  }
}
