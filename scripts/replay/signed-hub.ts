import { Invalid } from '../../protocol/errors.ts';
import { signV3 } from '../../sandbox/hubspot/signature.ts';

/** Calls the running hub as HubSpot's servers do: over its real doors, signed with the app's secret. */
export class SignedHub {
  readonly #url: string;
  readonly #publicUrl: string;
  readonly #clientSecret: string;

  /** `publicUrl` is the address that the signature covers: the one entered at HubSpot. */
  constructor(options: { url: string; publicUrl: string; clientSecret: string }) {
    this.#url = options.url;
    this.#publicUrl = options.publicUrl;
    this.#clientSecret = options.clientSecret;
  }

  /** The status and the JSON of the answer. Throws Invalid when nobody answers there. */
  async call(method: 'GET' | 'POST', target: string, body = ''): Promise<{ status: number; answer: unknown }> {
    const timestamp_ms = Date.now();
    const signature = signV3(this.#clientSecret, { method, uri: this.#publicUrl + target, body }, timestamp_ms);
    const response = await fetch(this.#url + target, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-hubspot-signature-v3': signature,
        'x-hubspot-request-timestamp': String(timestamp_ms),
      },
      ...(method === 'POST' && { body }),
    }).catch((cause: unknown) => {
      throw new Invalid(
        `The hub does not answer at ${this.#url}.`,
        'Start it with `npm start`, or set RAPPORT_URL to where it runs.',
        cause,
      );
    });
    const text = await response.text();
    try {
      return { status: response.status, answer: JSON.parse(text) };
    } catch (cause) {
      throw new Invalid(
        `What answers at ${this.#url} is not the hub: ${text.slice(0, 80)}`,
        'Set RAPPORT_URL to the hub.',
        cause,
      );
    }
  }
}
