const htmlTypes = /^(?:text\/html|application\/xhtml\+xml)\b/i;

/** Whether a body is a page: its type says so, or is missing, and the bytes look like it. A type alone proves nothing. */
export function isHtml(contentType: string, body: Buffer): boolean {
  if (contentType !== '' && !htmlTypes.test(contentType)) return false;
  const start = body.subarray(0, 2_048);
  const isUtf16 = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  if (isUtf16) return start.includes(0x3c);
  // MIME Sniffing standard, "binary data byte": text has none of these.
  const binary = start.some((byte) => byte < 0x09 || byte === 0x0b || (byte > 0x0d && byte < 0x20 && byte !== 0x1b));
  return !binary && /<[a-z!]/i.test(start.toString('latin1'));
}
