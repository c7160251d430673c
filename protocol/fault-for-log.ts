import { RapportError } from './errors.ts';

/**
 * What a log may say of an error. A vendor's words and a database's may quote a person's data, so that a message is shown only
 * where it is our own: an error of the family that has no cause, or the runtime's word for a slip in our code. Of others
 * the name, the codes and the frames of the stack are left, which say where to look.
 */
export function faultForLog(error: unknown): { error: string; code?: string; message?: string; stack?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  const own = error instanceof RapportError && error.cause === undefined;
  const slip = error instanceof TypeError || error instanceof ReferenceError;
  const code = codesOf(error).join(' ');
  const stack = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
  return {
    error: error.name,
    ...(code !== '' && { code }),
    ...((own || slip) && { message: error.message }),
    ...(stack !== undefined && { stack }),
  };
}

/** What a person may be shown of why an account is cut off: our own words, or the vendor's codes alone, and who must do what. */
export function shownReason(error: RapportError): string {
  const { code } = faultForLog(error);
  const said = error.cause === undefined ? error.message : `The account refuses Rapport${code ? ` (${code})` : ''}.`;
  return `${said} ${error.remedy}`;
}

/** Codes and statuses of an error and of what caused it, outermost first. */
function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, errorCode, category, status, cause } = error as Record<string, unknown>;
  const found = [code, errorCode, category, status].flatMap((one) =>
    typeof one === 'number' || (typeof one === 'string' && /^[\w.:-]{1,64}$/.test(one)) ? [String(one)] : [],
  );
  return [...new Set([...found, ...codesOf(cause)])];
}
