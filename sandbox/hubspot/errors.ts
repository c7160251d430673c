import { randomUUID } from 'node:crypto';

/** One entry of an error answer's `errors`. */
export interface ErrorDetail {
  message: string;
  code?: string;
  in?: string;
  context?: Record<string, string[]>;
}

/** What HubSpot answers when it refuses: a status and its JSON body. Thrown anywhere, rendered once by the HTTP layer. */
export class HubspotError extends Error {
  readonly status: number;
  readonly category: string;
  readonly extra: Record<string, unknown>;

  constructor(status: number, category: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.name = 'HubspotError';
    this.status = status;
    this.category = category;
    this.extra = extra;
  }

  /** The `Error` schema of HubSpot's OpenAPI files: category, correlationId and message always, the rest where it says something. */
  get body(): Record<string, unknown> {
    return {
      status: 'error',
      message: this.message,
      correlationId: randomUUID(),
      ...this.extra,
      category: this.category,
    };
  }

  /** The `StandardError` schema, as an entry of a 207's `errors`. */
  standard(context: Record<string, string[]>): Record<string, unknown> {
    return {
      status: 'error',
      category: this.category,
      message: this.message,
      context: { ...(this.extra['context'] as Record<string, string[]> | undefined), ...context },
      errors: this.extra['errors'] ?? [],
      links: {},
    };
  }
}

export function validationError(message: string, errors?: ErrorDetail[]): HubspotError {
  return new HubspotError(400, 'VALIDATION_ERROR', message, errors ? { errors } : {});
}

export function notFound(message = 'resource not found', context?: Record<string, string[]>): HubspotError {
  return new HubspotError(404, 'OBJECT_NOT_FOUND', message, context ? { context } : {});
}
