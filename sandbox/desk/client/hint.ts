import { mustFind } from '../../kit/browser/dom.ts';

const KEY = 'moved';

interface Side {
  id: string;
  stage: string;
}

const first = new Map<string, string>();

/**
 * Says what to try, while a deal at the start of its way is shown in both CRMs. After the first move of a deal, on either
 * side, it is gone for good in this browser.
 */
export function showHint(hubspot: Side | null, salesforce: Side | null): void {
  const atStart = hubspot?.stage === 'appointmentscheduled' && salesforce !== null;
  for (const side of [hubspot, salesforce]) {
    if (!side) continue;
    const before = first.get(side.id) ?? side.stage;
    first.set(side.id, before);
    if (before !== side.stage) localStorage.setItem(KEY, 'yes');
  }
  mustFind('#hint').hidden = !atStart || localStorage.getItem(KEY) !== null;
}
