/** Where an account's access token may be sent (Salesforce help: My Domain URL formats). */
export interface AllowedHosts {
  /** The address that Rapport was configured with; its host is always allowed, by its own scheme. */
  loginUrl: string;
  /** Further hosts, `host` or `host:port`. */
  allowedHosts: readonly string[];
}

const family = /(^|\.)(salesforce\.com|salesforce\.mil|sfcrmproducts\.cn)$/;

/** Whether a token may be sent there: the login host, an allowed host, or Salesforce's own family over https. */
export function isAllowedUrl(url: string, { loginUrl, allowedHosts }: AllowedHosts): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, hostname, origin } = new URL(url);
  if (origin === new URL(loginUrl).origin) return true;
  if (protocol !== 'https:') return false;
  return allowedHosts.includes(host) || (family.test(hostname) && host === hostname);
}
