import { ApiError } from '../api-error.ts';

/** 404 for a row that the URL names, 400 for one that another row names. */
export const entityIsDeleted = (status: 400 | 404): ApiError =>
  new ApiError(status, 'ENTITY_IS_DELETED', 'entity is deleted', []);

/** A converted lead is read-only, and nothing new may point at it. Source: help article 000384333. */
export const cannotReferenceConverted = (): ApiError =>
  new ApiError(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', []);
