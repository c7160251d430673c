/** One entry of an error body. */
export interface ErrorItem {
  message: string;
  errorCode: string;
  fields?: string[];
}

/** What the REST API refuses: `status` is the HTTP status, `items` the body `[{message, errorCode, fields}]`. */
export class ApiError extends Error {
  readonly status: number;
  readonly items: ErrorItem[];

  constructor(status: number, errorCode: string, message: string, fields?: string[]) {
    super(message);
    this.status = status;
    this.items = [fields ? { message, errorCode, fields } : { message, errorCode }];
  }

  get errorCode(): string {
    return this.items[0]?.errorCode ?? 'UNKNOWN_EXCEPTION';
  }
}

export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
