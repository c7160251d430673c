import { VendorError } from './vendor-error.ts';

/** Anthropic docs: errors. Status and `error.type` go together. */
const types: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const messages: Record<number, string> = {
  401: 'invalid x-api-key',
  413: 'Request exceeds the maximum size',
  429: 'This request would exceed your organization’s rate limit of 50 requests per minute.',
  500: 'Internal server error',
  529: 'Overloaded',
};

/** The body is `{type: "error", error: {type, message}, request_id}`; the request id is filled in when it is answered. */
export function anthropicError(status: number, message: string, headers: Record<string, string> = {}): VendorError {
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return new VendorError(status, { type: 'error', error: { type, message } }, headers);
}

export function anthropicFailure(status: number, retryAfter_s?: number): VendorError {
  const headers: Record<string, string> = retryAfter_s === undefined ? {} : { 'retry-after': String(retryAfter_s) };
  const limits: Record<string, string> =
    status === 429 ? { 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '0' } : {};
  return anthropicError(status, messages[status] ?? 'The request was refused.', { ...limits, ...headers });
}
