import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Exchange } from './recording-proxy.ts';

interface Media {
  content?: Record<string, { schema?: object }>;
}

interface Operation {
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: Media & { required?: boolean };
  responses: Record<string, Media>;
}

interface Place {
  file: string;
  pattern: RegExp;
  /** Segments that are no parameter: of two paths that fit, the one with more is meant. */
  literals: number;
  method: string;
  operation: Operation;
}

type Schema = Record<string, unknown>;

/** A vendor's OpenAPI files of one folder, as a judge of recorded traffic. */
export class OpenApi {
  readonly #places: Place[] = [];
  readonly #answers = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  readonly #requests = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  readonly #compiled = new Map<object, ValidateFunction>();

  constructor(folder: string) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      const spec = loosened(JSON.parse(readFileSync(join(folder, file), 'utf8'))) as {
        paths: Record<string, Record<string, Operation>>;
      };
      this.#answers.addSchema({ $id: idOf(file), ...spec });
      this.#requests.addSchema({ $id: idOf(file), ...(closed(spec) as object) });
      for (const [path, operations] of Object.entries(spec.paths))
        for (const [method, operation] of Object.entries(operations))
          this.#places.push({
            file,
            pattern: new RegExp(`^${path.replaceAll(/[.]/g, String.raw`\.`).replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
            literals: path.split('/').filter((segment) => !segment.startsWith('{')).length,
            method: method.toUpperCase(),
            operation,
          });
    }
  }

  /** What is wrong with an exchange; nothing when it fits. `path` in the files' own version. */
  faultsOf(exchange: Exchange, path: string): string[] {
    const fitting = this.#places.filter(({ pattern, method }) => method === exchange.method && pattern.test(path));
    const [place] = fitting.toSorted((a, b) => b.literals - a.literals);
    if (!place) return ['is in no file'];
    return [...this.#requestFaults(place, exchange), ...this.#answerFaults(place, exchange)];
  }

  #requestFaults({ file, operation }: Place, { query, request }: Exchange): string[] {
    const known = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    const stray = [...query.keys()].filter((name) => !known.some((parameter) => parameter.name === name));
    const missing = known.filter(({ name, required }) => required && !query.has(name));
    const faults = [
      ...stray.map((name) => `has a parameter ${name} that is in no file`),
      ...missing.map(({ name }) => `lacks the parameter ${name}`),
    ];
    if (request === undefined) return operation.requestBody?.required ? [...faults, 'lacks a body'] : faults;
    const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
    if (!schema) return [...faults, 'has a body where none is known'];
    return [...faults, ...this.#check(this.#requests, file, closed(schema), request, 'request', schema)];
  }

  #answerFaults({ file, operation }: Place, { status, response }: Exchange): string[] {
    const described =
      operation.responses[String(status)] ?? (status >= 400 ? operation.responses['default'] : undefined);
    if (!described) return [`is answered ${status}, which is in no file`];
    const schema = Object.values(described.content ?? {})[0]?.schema;
    if (!schema || response === undefined) return [];
    return this.#check(this.#answers, file, schema, response, 'answer', schema);
  }

  #check(ajv: Ajv, file: string, schema: object, value: unknown, what: string, key: object): string[] {
    const validate =
      this.#compiled.get(key) ??
      ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${idOf(file)}#/`)) as object);
    this.#compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${what} ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

/** By which a schema of a file refers to the rest of it. */
function idOf(file: string): string {
  return `https://spec.example/${file}`;
}

/** The files say "string" for values that HubSpot answers as null, and "object" for sub-categories, which are text. */
function loosened(spec: unknown): unknown {
  const text = JSON.stringify(spec)
    .replaceAll('"type":"string"', '"type":["string","null"]')
    .replaceAll(/"subCategory":\{"type":"object"/g, '"subCategory":{"type":"string"');
  return JSON.parse(text);
}

/** Objects take the properties that they name and no other: what we send must be known. */
function closed(schema: unknown): Schema {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    const one = value as Schema | null;
    const isOpen =
      one !== null && typeof one === 'object' && one['type'] === 'object' && typeof one['properties'] === 'object';
    return isOpen && one['additionalProperties'] === undefined ? { ...one, additionalProperties: false } : value;
  }) as Schema;
}
