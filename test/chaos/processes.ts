import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from '../../scripts/child.ts';

/** The product as it runs apart: what takes in, what synchronises, what researches. */
const roles = { hub: 'gateway,inbound', worker: 'sync,delivery', research: 'research' } as const;
export type Part = keyof typeof roles;
export const parts = Object.keys(roles) as Part[];

const script = join(import.meta.dirname, '..', '..', 'hub', 'cli', 'main.ts');
const tailLength = 4_000;
const restartPause_ms = 250;

/** One hub process for each part, which can be killed apart. One that ends by itself is started again, and that is told. */
export class Processes {
  readonly #env: Readonly<Record<string, string>>;
  readonly #running = new Map<Part, Child>();
  readonly #said = new Map<Part, string>();
  /** Ends that nobody asked for, with the last words. */
  #endedAlone: string[] = [];
  #stopping = false;

  /** `env` as one hub alone would get it; the part that takes in keeps its port. */
  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  async start(part: Part, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const env = { ...this.#env, ...more, PUBLIC_URL: `http://127.0.0.1:${this.#env['PORT']}`, LOG_LEVEL: 'warn' };
    const child = await startChild(
      script,
      ['serve', '--roles', roles[part]],
      part === 'hub' ? env : { ...env, PORT: '0' },
      (text) => this.#said.set(part, ((this.#said.get(part) ?? '') + text).slice(-tailLength)),
    );
    this.#running.set(part, child);
    void this.#watch(part, child, more);
  }

  async startAll(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#stopping = false;
    await Promise.all(parts.map((part) => this.start(part, more)));
  }

  /** SIGKILL. Resolves when the process is gone. */
  async kill(part: Part): Promise<void> {
    const child = this.#running.get(part);
    assert.ok(child, `${part} runs`);
    this.#running.delete(part);
    child.kill();
    await child.ended;
  }

  /** An orderly stop of all. */
  async stopAll(): Promise<void> {
    this.#stopping = true;
    const children = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(children.map((child) => child.stop()));
  }

  async #watch(part: Part, child: Child, more: Readonly<Record<string, string>>): Promise<void> {
    const code = await child.ended;
    if (this.#running.get(part) !== child) return;
    this.#endedAlone.push(`${part} ended by itself with ${code}: ${this.#said.get(part) ?? ''}`);
    await this.#again(part, more);
  }

  /** As `npm start` does with its hub; it may take more than one try while the database is away. */
  async #again(part: Part, more: Readonly<Record<string, string>>): Promise<void> {
    while (!this.#stopping)
      try {
        return await this.start(part, more);
      } catch {
        await sleep(restartPause_ms);
      }
  }

  takeEndedAlone(): string[] {
    const taken = this.#endedAlone;
    this.#endedAlone = [];
    return taken;
  }
}
