const parameters = new URLSearchParams(location.search);

/** Which org the page shows, and in which language: from its address. */
export const place = {
  org: parameters.get('org') === 'b' ? 'b' : 'a',
  language: (parameters.get('lang') ?? navigator.language).startsWith('de') ? 'de' : 'en',
  /** Undefined on the list. */
  recordId: /\/lightning\/r\/Opportunity\/(\w+)\/view/.exec(location.pathname)?.[1],
};

export const locale = place.language === 'de' ? 'de-DE' : 'en-US';
export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A page's address in the same org and language. */
export function address(path: string): string {
  return `${path}${location.search}`;
}
