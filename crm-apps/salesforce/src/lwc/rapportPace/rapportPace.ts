import type { DealAnswer } from '../../../types/deal-view.d.ts';

const BUSY_PAUSE_MS = 2_000;
const IDLE_PAUSE_MS = 30_000;
/** A saved field reaches the hub as an event shortly after the page knows of it. */
const AFTER_CHANGE_PAUSE_MS = 300;
const AFTER_CHANGE_LOOKS = 3;
const WHILE_UNSETTLED_LOOKS = 5;

/** How long to wait before the hub is asked again: short while a run is unfinished or a change is on its way, long else. */
export class Pace {
  /** How many more times to look soon: limited, as what is waited for may be blocked for hours; none once it has come. */
  #looks = 0;
  #unsettled = false;

  /** The pause in milliseconds after an answer; undefined where the hub gave none. */
  after(answer: DealAnswer | undefined): number {
    const unsettled = isUnsettled(answer);
    if (unsettled === this.#unsettled) this.#looks = Math.max(0, this.#looks - 1);
    else this.#looks = unsettled ? WHILE_UNSETTLED_LOOKS : 0;
    this.#unsettled = unsettled;
    return runUnfinished(answer) || this.#looks > 0 ? BUSY_PAUSE_MS : IDLE_PAUSE_MS;
  }

  /** The pause in milliseconds after the record has changed on its page. */
  afterChange(): number {
    this.#looks = AFTER_CHANGE_LOOKS;
    return AFTER_CHANGE_PAUSE_MS;
  }
}

export function runUnfinished(answer: DealAnswer | undefined): boolean {
  const state = answer?.status === 'ok' ? answer.view.run?.state : undefined;
  return state === 'queued' || state === 'running' || state === 'waiting';
}

/** Rapport is at work on the deal or starts anew, which takes seconds as a rule. */
function isUnsettled(answer: DealAnswer | undefined): boolean {
  if (answer?.status === 'ok') return answer.view.sync.state === 'behind' || answer.view.otherSide.state === 'pending';
  return answer === undefined || answer.status === 'not_synced';
}
