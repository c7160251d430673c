/** One account. */
export interface Portal {
  portalId: number;
  /** Bearer token of a person at this portal. */
  personToken: string;
  /** Whether our app is installed: only installed portals get webhooks. */
  installed: boolean;
  /** Whether the portal has the custom object for research reports. */
  customObject: boolean;
}

/** A user of one portal, who is also an owner of records. */
export interface Owner {
  portalId: number;
  id: string;
  userId: number;
  email: string;
  firstName: string;
  lastName: string;
  createdAt_ms: number;
}

/** Whether the stand-in's own brakes are on, and how slow its search index is. */
export interface Settings {
  rateLimits: boolean;
  searchLag_ms: number;
}
