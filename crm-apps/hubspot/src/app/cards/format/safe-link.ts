/** The host of a web address, or null for anything that is not http(s): sources are found by machines and are not trusted. */
export const webHost = (address: string): string | null => {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.hostname.replace(/^www\./, '') : null;
  } catch {
    return null;
  }
};
