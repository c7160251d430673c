import { ApiError } from '../api-error.ts';

/** The vendor's pointer into the statement: an excerpt, a caret, and the place. Empty if the token is not in it. */
function pointer(soql: string, token: string): string {
  const at = soql.toLowerCase().indexOf(token.toLowerCase());
  if (at < 0) return '';
  const from = Math.max(0, at - 40);
  const excerpt = soql.slice(from, at + token.length + 20).replace(/\s/g, ' ');
  return `\n${excerpt}\n${' '.repeat(at - from)}^\nERROR at Row:1:Column:${at + 1}\n`;
}

export function malformedQuery(message: string): ApiError {
  return new ApiError(400, 'MALFORMED_QUERY', message);
}

export function noSuchColumn(soql: string, column: string, entity: string): ApiError {
  const message = `No such column '${column}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new ApiError(400, 'INVALID_FIELD', pointer(soql, column) + message);
}

export function noSuchRelationship(soql: string, name: string): ApiError {
  const message = `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new ApiError(400, 'INVALID_FIELD', pointer(soql, name) + message);
}

export function noSuchChildRelationship(soql: string, name: string): ApiError {
  const message = `Didn't understand relationship '${name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new ApiError(400, 'INVALID_TYPE', pointer(soql, name) + message);
}

export function noSuchEntity(soql: string, name: string): ApiError {
  const message = `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new ApiError(400, 'INVALID_TYPE', pointer(soql, name) + message);
}
