import { VendorError } from './vendor-error.ts';

/** OpenAI docs: error codes. The body is `{error: {message, type, param, code}}`. */
export function openaiError(
  status: number,
  type: string,
  message: string,
  more: { param?: string; code?: string; headers?: Record<string, string> } = {},
): VendorError {
  const error = { message, type, param: more.param ?? null, code: more.code ?? null };
  return new VendorError(status, { error }, more.headers ?? {});
}

export function badRequest(message: string, param?: string, code?: string): VendorError {
  return openaiError(400, 'invalid_request_error', message, { ...(param ? { param } : {}), ...(code ? { code } : {}) });
}

export function modelNotFound(model: string): VendorError {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return openaiError(404, 'invalid_request_error', message, { code: 'model_not_found' });
}

/** What the vendor says at a status, for planted faults. */
export function openaiFailure(status: number, retryAfter_s?: number): VendorError {
  const headers: Record<string, string> = retryAfter_s === undefined ? {} : { 'retry-after': String(retryAfter_s) };
  if (status === 429) {
    const limits = {
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': `${retryAfter_s ?? 1}s`,
    };
    const message = `Rate limit reached for sandbox-extractive on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in ${retryAfter_s ?? 1}s.`;
    return openaiError(429, 'requests', message, { code: 'rate_limit_exceeded', headers: { ...limits, ...headers } });
  }
  if (status === 401) return invalidKey('sandbox');
  if (status === 503)
    return openaiError(503, 'service_unavailable_error', 'That model is currently overloaded with other requests.', {
      headers,
    });
  if (status < 500) return openaiError(status, 'invalid_request_error', 'The request was refused.', { headers });
  return openaiError(
    status,
    'server_error',
    'The server had an error while processing your request. Sorry about that!',
    { headers },
  );
}

export function invalidKey(key: string): VendorError {
  const message = `Incorrect API key provided: ${key}. You can find your API key at https://platform.openai.com/account/api-keys.`;
  return openaiError(401, 'invalid_request_error', message, { code: 'invalid_api_key' });
}
