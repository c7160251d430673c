import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `{name}` is a parameter of the method, `{$User.Id}` the user who called it. */
const templates = z.record(z.string(), z.string());

const apexCall = z.strictObject({
  parameters: z.array(z.string()),
  method: z.enum(['GET', 'POST']),
  path: z.string().startsWith('/'),
  query: templates.optional(),
  body: templates.optional(),
  /** The custom label whose text the method's AuraHandledException carries. */
  failureLabel: z.string(),
});

const apexMap = z.record(z.string().regex(/^\w+\.\w+$/), apexCall);

/** What one AuraEnabled method does over HTTP. */
export type ApexCall = z.infer<typeof apexCall>;

/** Reads `sandbox/apex.json` of a Lightning project: its AuraEnabled methods, `<Class>.<method>`, as HTTP calls. */
export function readApexMap(project: string): Record<string, ApexCall> {
  const file = join(project, 'sandbox', 'apex.json');
  const parsed = apexMap.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a map of Apex methods: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Fills the places of a map's templates. */
export function fillTemplates(
  filled: Record<string, string>,
  parameters: Record<string, unknown>,
  userId: string,
): Record<string, string> {
  const fill = (_: string, name: string): string => {
    const value = name === '$User.Id' ? userId : parameters[name];
    return typeof value === 'string' ? value : '';
  };
  return Object.fromEntries(
    Object.entries(filled).map(([key, template]) => [key, template.replace(/\{([$.\w]+)\}/g, fill)]),
  );
}
