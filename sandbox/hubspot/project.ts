import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** One component of the app's developer project: an `…-hsmeta.json` with its variables filled in. */
interface Component {
  uid: string;
  type: string;
  config: Record<string, unknown>;
}

/** What HubSpot knows of the app after an upload of its project. */
export interface Project {
  requiredScopes: readonly string[];
  optionalScopes: readonly string[];
  redirectUrls: readonly string[];
  /** Origins and path prefixes that a card may call. */
  fetchUrls: readonly string[];
  webhooks: WebhooksConfig | undefined;
  workflowActions: readonly { uid: string; actionUrl: string; properties: readonly string[]; inputFields: string[] }[];
}

export interface Subscription {
  subscriptionType: string;
  objectType?: string | undefined;
  propertyName?: string | undefined;
  active: boolean;
}

export interface WebhooksConfig {
  targetUrl: string;
  maxConcurrentRequests: number;
  /** Of `crmObjects`: generic `object.*` events. */
  crmObjects: readonly Subscription[];
  /** Of `legacyCrmObjects`: `contact.*`, `company.*`, `deal.*` events. */
  legacyCrmObjects: readonly Subscription[];
  hubEvents: readonly Subscription[];
}

const strings = z.array(z.string()).default([]);
const subscription = z.object({
  subscriptionType: z.string(),
  objectType: z.string().optional(),
  objectName: z.string().optional(),
  propertyName: z.string().optional(),
  active: z.boolean().default(true),
});
const subscriptions = z.array(subscription).default([]);

const appConfig = z.object({
  auth: z.object({ redirectUrls: strings, requiredScopes: strings, optionalScopes: strings }),
  permittedUrls: z.object({ fetch: strings }).optional(),
});

const webhooksConfig = z.object({
  settings: z.object({ targetUrl: z.url(), maxConcurrentRequests: z.int().min(6) }),
  subscriptions: z.object({
    crmObjects: subscriptions,
    legacyCrmObjects: subscriptions,
    hubEvents: subscriptions,
  }),
});

const actionConfig = z.object({
  actionUrl: z.url(),
  inputFields: z.array(z.object({ typeDefinition: z.object({ name: z.string() }) })).default([]),
  objectRequestOptions: z.object({ properties: strings }).optional(),
});

/**
 * Reads a developer project as an upload does: components lie in `src/app` or one folder below it; `${NAME}` in `uid` and
 * `config` is filled from `src/hsprofile.dev.json`, overridden by `variables`. Throws with the file's name where one is wrong.
 */
export function loadProject(folder: string, variables: Record<string, string>): Project {
  const components = readComponents(folder, { ...profileVariables(folder), ...variables });
  const app = components.find((one) => one.type === 'app');
  if (!app) throw new Error(`the HubSpot project ${folder} has no component of type "app" in src/app`);
  const { auth, permittedUrls } = check(appConfig, app);
  const webhooks = components.find((one) => one.type === 'webhooks');
  return {
    ...auth,
    fetchUrls: permittedUrls?.fetch ?? [],
    webhooks: webhooks && flatten(check(webhooksConfig, webhooks)),
    workflowActions: components.filter((one) => one.type === 'workflow-action').map(workflowAction),
  };
}

function flatten({ settings, subscriptions }: z.infer<typeof webhooksConfig>): WebhooksConfig {
  const legacy = subscriptions.legacyCrmObjects.map(({ objectName, objectType, ...rest }) => {
    return { ...rest, objectType: objectType ?? objectName };
  });
  return { ...settings, ...subscriptions, legacyCrmObjects: legacy };
}

function workflowAction(component: Component): Project['workflowActions'][number] {
  const config = check(actionConfig, component);
  return {
    uid: component.uid,
    actionUrl: config.actionUrl,
    properties: config.objectRequestOptions?.properties ?? [],
    inputFields: config.inputFields.map((field) => field.typeDefinition.name),
  };
}

function check<T>(schema: z.ZodType<T>, component: Component): T {
  const parsed = schema.safeParse(component.config);
  if (parsed.success) return parsed.data;
  throw new Error(`HubSpot component ${component.uid} (${component.type}): ${z.prettifyError(parsed.error)}`);
}

function readComponents(folder: string, variables: Record<string, string>): Component[] {
  const app = join(folder, 'src', 'app');
  if (!existsSync(app)) throw new Error(`the HubSpot project ${folder} has no folder src/app`);
  const folders = readdirSync(app, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [app, ...folders.map((entry) => join(app, entry.name))].flatMap((at) =>
    readdirSync(at)
      .filter((name) => name.endsWith('-hsmeta.json'))
      .map((name) => parseComponent(join(at, name), variables)),
  );
}

function parseComponent(path: string, variables: Record<string, string>): Component {
  const text = readFileSync(path, 'utf8').replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`${basename(path)} uses \${${name}}, which no profile defines`);
    return JSON.stringify(value).slice(1, -1);
  });
  return z
    .object({ uid: z.string(), type: z.string(), config: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(text));
}

function profileVariables(folder: string): Record<string, string> {
  const path = join(folder, 'src', 'hsprofile.dev.json');
  if (!existsSync(path)) return {};
  const profile = z
    .object({ variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}) })
    .parse(JSON.parse(readFileSync(path, 'utf8')));
  return Object.fromEntries(Object.entries(profile.variables).map(([name, value]) => [name, String(value)]));
}
