import { join } from 'node:path';
import { startChild, type Child } from '../../scripts/child.ts';
import type { House } from './house.ts';

/** A hub in a process of its own, in place of the house's, that says everything it has to say. */
export class LoggedHub {
  readonly #child: Child;
  readonly #lines: string[];

  private constructor(child: Child, lines: string[]) {
    this.#child = child;
    this.#lines = lines;
  }

  static async instead(house: House): Promise<LoggedHub> {
    await house.stopHub();
    const lines: string[] = [];
    const script = join(import.meta.dirname, '..', '..', 'hub', 'cli', 'main.ts');
    const env = { ...house.env, LOG_LEVEL: 'debug' };
    return new LoggedHub(await startChild(script, ['serve'], env, (text) => lines.push(text)), lines);
  }

  /** Everything it wrote, to either stream. */
  get log(): string {
    return this.#lines.join('');
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
