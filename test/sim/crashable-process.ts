import type { Store, TenantTx } from '../../protocol/ports/store.ts';
import type { OperatorThings } from './store/create-sim-store.ts';

/**
 * A moment at which a process can die, fail or wait: before and after each call of a port. `store.commit` is the moment
 * between the last statement of a transaction and its commit; after `store.tenant` it is committed and nobody knows yet.
 */
export interface PortCall {
  port: string;
  method: string;
  phase: 'before' | 'after';
  args: readonly unknown[];
  /** What the port answered; undefined before. */
  outcome: { value: unknown } | { error: unknown } | undefined;
}

/** Returns: the call goes on. A promise: it goes on then. Throws: the engine sees that error. Calls `kill`: it never goes on. */
export type Watch = (call: PortCall) => Promise<void> | void;

/**
 * One run of the hub's process. All its ports are guarded: when it is killed no call of a port ever returns again, its
 * open transactions are gone, and what it committed stays. The next process is built on the same store and an empty bell.
 */
export class CrashableProcess {
  readonly #watch: Watch;
  readonly #onDeath: (() => void)[] = [];
  #dead = false;

  constructor(watch: Watch = () => undefined) {
    this.#watch = watch;
  }

  get dead(): boolean {
    return this.#dead;
  }

  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    for (const act of this.#onDeath) act();
  }

  /** What else ends with this process: a bell, a vendor's connection. */
  onDeath(act: () => void): void {
    this.#onDeath.push(act);
  }

  /** The port as this process has it. `plain` methods compute only, and are called as they are. */
  guard<Port extends object>(name: string, port: Port, plain: readonly (keyof Port)[] = []): Port {
    const guarded = new Map<PropertyKey, unknown>();
    return new Proxy(port, {
      get: (target, key) => {
        const known = guarded.get(key);
        if (known) return known;
        const method: unknown = Reflect.get(target, key, target);
        if (typeof method !== 'function') return method;
        const run = (...args: unknown[]): unknown => Reflect.apply(method, target, args);
        const made = plain.includes(key as keyof Port)
          ? run
          : (...args: unknown[]) => this.#call(name, String(key), args, () => run(...args));
        guarded.set(key, made);
        return made;
      },
    });
  }

  /** A connection of its own to the store. */
  store(operator: Pick<OperatorThings, 'connect'>): Store {
    const connection = operator.connect();
    const { store } = connection;
    this.onDeath(() => connection.cut());
    const commit = async (): Promise<undefined> => undefined;
    return this.guard('store', {
      ...store,
      tenant: <T>(tenantId: string, work: (tx: TenantTx) => Promise<T>) =>
        store.tenant(tenantId, async (tx) => {
          const result = await work(this.guard('tx', tx));
          await this.#call('store', 'commit', [tenantId], commit);
          return result;
        }),
    });
  }

  async #call(port: string, method: string, args: readonly unknown[], run: () => unknown): Promise<unknown> {
    await this.#pass({ port, method, phase: 'before', args, outcome: undefined });
    let outcome: { value: unknown } | { error: unknown };
    try {
      outcome = { value: await run() };
    } catch (error) {
      outcome = { error };
    }
    await this.#pass({ port, method, phase: 'after', args, outcome });
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  }

  async #pass(call: PortCall): Promise<void> {
    if (!this.#dead) await this.#watch(call);
    // Nothing refers to this promise but those who wait for it: a dead process is forgotten whole.
    if (this.#dead) await new Promise<never>(() => undefined);
  }
}
