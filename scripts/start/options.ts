import { parseArgs } from 'node:util';
import { Invalid } from '../../protocol/errors.ts';

export interface StartOptions {
  /** undefined: that of the data that is there. */
  seed: string | undefined;
  reset: boolean;
  /** Accounts start unconfirmed: nothing is written to a CRM. */
  observing: boolean;
  /** The hub is started again when its source changes. */
  watch: boolean;
}

/** Reads what stands behind `npm start --`. Throws Invalid. */
export function startOptions(args: readonly string[]): StartOptions {
  const { seed, reset = false, observing = false, watch = false } = parse(args);
  if (seed !== undefined && !/^\d{1,9}$/.test(seed))
    throw new Invalid(`--seed ${seed} is no whole number.`, 'Give one of up to nine digits, as --seed 7.');
  return { seed, reset, observing, watch };
}

function parse(args: readonly string[]): Partial<StartOptions> {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { seed: { type: 'string' }, reset: flag, observing: flag, watch: flag },
    }).values;
  } catch (cause) {
    throw new Invalid(
      `${(cause as Error).message.split('. ')[0]}.`,
      'The options are --seed N, --reset and --observing, after `npm start --`.',
      cause,
    );
  }
}
