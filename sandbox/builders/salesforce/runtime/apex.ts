/** The error that a component sees when Apex threw (LWC guide: error handling, FetchResponse). */
interface ApexFailure {
  ok: false;
  status: number;
  statusText: string;
  body: unknown;
}

/** The function behind `@salesforce/apex/<class>.<method>`: calls the page's Apex stand-in as the page's user. */
export function apexMethod(className: string, method: string): (parameters?: object) => Promise<unknown> {
  return async (parameters = {}) => {
    const response = await fetch(`/_ui/apex/${className}/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${globalThis.sandboxPage.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    });
    const body: unknown = await response.json();
    if (response.ok) return body;
    const { status, statusText } = response;
    throw { ok: false, status, statusText, body } satisfies ApexFailure;
  };
}
