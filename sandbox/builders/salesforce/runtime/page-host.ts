/** What a page gives to the components that it shows, as `globalThis.sandboxPage`, before it loads their bundle. */
export interface PageHost {
  /** OAuth token of the user who looks at the page. */
  accessToken: string;
  userId: string;
  /** Language of labels: `en`, `de`. */
  language: string;
  /** BCP 47, for dates and numbers. */
  locale: string;
  /** IANA name. */
  timeZone: string;
  /** Carries `recordchange`, a CustomEvent whose detail is the id of a record that changed. */
  events: EventTarget;
}

declare global {
  var sandboxPage: PageHost;
}
