import { runSeed } from './run-seed.ts';
import type { Script } from './script.ts';
import type { FaultName } from './faults/catalogue.ts';

/** Plays are bounded, so that a failure is told of in about a minute. */
const mostPlays = 400;

/**
 * The shortest script found that still breaks the same invariant in the same way: without the faults, steps and fields that
 * it does without.
 */
export async function shrink(script: Script, broken: { name: string; says: string }): Promise<Script> {
  let best = script;
  let plays = 0;
  const breaks = async (candidate: Script): Promise<boolean> => {
    plays += 1;
    if (plays > mostPlays) return false;
    const outcome = await runSeed(candidate.seed, { script: candidate });
    const now = outcome.brokenInvariant;
    if (!now || now.name !== broken.name || gistOf(now.says) !== gistOf(broken.says)) return false;
    best = candidate;
    return true;
  };
  let before: Script | undefined;
  while (before !== best) {
    before = best;
    for (const name of Object.keys(best.rates) as FaultName[]) {
      const rates = { ...best.rates };
      delete rates[name];
      await breaks({ ...best, rates });
    }
    for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = Math.floor(size / 2))
      for (let at = best.steps.length - size; at >= 0; at -= size)
        await breaks({ ...best, steps: best.steps.filter((_, index) => index < at || index >= at + size) });
    await breaks({ ...best, latency_ms: { call: 5, store: 0 } });
    await breaks({ ...best, accounts: best.accounts.map((account) => ({ ...account, skew_ms: 0 })) });
    await withFewerFields(best, breaks);
  }
  return best;
}

/** Leaves out fields of saves, one at a time. */
async function withFewerFields(script: Script, breaks: (candidate: Script) => Promise<boolean>): Promise<void> {
  let { steps } = script;
  for (const [index, step] of script.steps.entries()) {
    if (step.do !== 'create' && step.do !== 'edit') continue;
    for (const name of Object.keys(step.fields)) {
      const now = steps[index];
      if (!now || !('fields' in now) || Object.keys(now.fields).length === 1) continue;
      const fields = Object.fromEntries(Object.entries(now.fields).filter(([one]) => one !== name));
      const fewer = steps.with(index, { ...now, fields });
      if (await breaks({ ...script, steps: fewer })) steps = fewer;
    }
  }
}

/** Without ids, values and instants. */
function gistOf(says: string): string {
  return says.replaceAll(/"[^"]*"|\bnull\b|[\w-]*\d[\w-]*/g, '#');
}
