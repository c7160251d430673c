const [, portal = '', deal] = /^\/contacts\/(\d+)\/(?:record\/0-3\/(\d+)|objects\/)/.exec(location.pathname) ?? [];

/** Which account and deal the page shows, and in which language: from its address. */
export const place = {
  portalId: Number(portal),
  /** Undefined on the list. */
  dealId: deal,
  language: (new URLSearchParams(location.search).get('lang') ?? navigator.language).startsWith('de') ? 'de' : 'en',
};

export const locale = place.language === 'de' ? 'de-DE' : 'en-US';

export const listAddress = `/contacts/${place.portalId}/objects/0-3/views/all/list${location.search}`;

export const recordAddress = (dealId: string): string =>
  `/contacts/${place.portalId}/record/0-3/${dealId}${location.search}`;
