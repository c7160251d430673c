import type { onCrmPropertiesUpdateAction } from '@hubspot/ui-extensions';
import { useEffect, useRef } from 'react';

/** One edit changes several properties, each with a call of its own. */
const QUIET_MS = 300;

/** What Rapport writes on a deal, and what its view shows of one. */
const WATCHED = [
  'dealname',
  'dealstage',
  'amount',
  'deal_currency_code',
  'closedate',
  'hs_next_step',
  'hubspot_owner_id',
  'description',
  'rapport_research_summary',
  'rapport_researched_at',
];

/**
 * Calls `changed` shortly after the deal's properties have changed on its page. HubSpot knows no end of such a
 * subscription (UI extensions SDK: actions), so there is one for the card's life.
 */
export const useRecordChanges = (
  onCrmPropertiesUpdate: onCrmPropertiesUpdateAction,
  changed: () => void,
): void => {
  const newest = useRef(changed);
  useEffect(() => {
    newest.current = changed;
  }, [changed]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let ended = false;
    onCrmPropertiesUpdate(WATCHED, (_properties, error) => {
      clearTimeout(timer);
      if (!ended && !error) timer = setTimeout(() => newest.current(), QUIET_MS);
    });
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [onCrmPropertiesUpdate]);
};
