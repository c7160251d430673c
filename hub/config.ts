import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { Invalid } from '../protocol/errors.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const days = z.coerce.number().int().min(1).max(36_500);
const url = z
  .url({ protocol: /^https?$/, error: 'must begin with http:// or https://' })
  .transform((text) => text.replace(/\/$/, ''));

/**
 * What a process does: `gateway` cards, components and the operator's API; `inbound` webhooks and event streams; `sync`
 * observing, first loads and polls; `delivery` writes; `research` runs. One process may hold all.
 */
const roles = ['gateway', 'inbound', 'sync', 'delivery', 'research'] as const;
export type Role = (typeof roles)[number];

/** The hub's environment. Each variable is said here once; every fault is listed at boot. */
const environment = z.object({
  /** The roles of this process, separated by commas; all by default. */
  ROLES: z
    .string()
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(roles)).nonempty())
    .default([...roles]),
  /** Where the hub listens. Loopback unless told otherwise. */
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  /** The address under which vendors reach the hub; signatures cover it. */
  PUBLIC_URL: url.optional(),
  /** Holds all state of an embedded set-up: keys, the API token. */
  DATA_DIR: z.string().default('.data'),
  /** PostgreSQL as the role the hub runs as: no superuser, owner of nothing, no BYPASSRLS. */
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'),
  /** PostgreSQL as the owner, who migrates. Without it the schema must be up to date. */
  DATABASE_OWNER_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  /** Redis for the queue and the call budgets; without it they lie in PostgreSQL. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
    .optional(),
  /** 32 bytes in base64 that encrypt secrets at rest; without it a key is made and kept in DATA_DIR. */
  ENCRYPTION_KEY: z
    .base64()
    .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64')
    .optional(),
  /** A file that names tenants and installations to make at boot. */
  PROVISION_FILE: z.string().optional(),

  HUBSPOT_BASE_URL: url.default('https://api.hubapi.com'),
  HUBSPOT_APP_ID: z.string().regex(/^\d+$/).default('0'),
  HUBSPOT_CLIENT_ID: z.string().min(1),
  HUBSPOT_CLIENT_SECRET: z.string().min(1),
  SALESFORCE_LOGIN_URL: url.default('https://login.salesforce.com'),
  SALESFORCE_PUBSUB_URL: url.default('https://api.pubsub.salesforce.com:7443'),
  /** `off` lets calls go as fast as they can: for measuring against a stand-in. */
  VENDOR_LIMITS: z.enum(['on', 'off']).default('on'),

  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: url.optional(),
  OPENAI_MODEL: z.string().default('gpt-5-mini'),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: url.optional(),
  ANTHROPIC_MODEL: z.string().default('claude-sonnet-4-5'),
  /** What people read beside generated text. */
  MODEL_LABEL: z.string().optional(),

  /** Pages are fetched through this proxy; without it directly, with addresses checked. */
  EGRESS_PROXY_URL: url.optional(),
  SEARCH_API_KEY: z.string().optional(),
  SEARCH_BASE_URL: url.default('https://api.search.brave.com'),
  INSTAGRAM_ACCESS_TOKEN: z.string().optional(),
  INSTAGRAM_USER_ID: z.string().optional(),
  GRAPH_BASE_URL: url.default('https://graph.facebook.com'),

  /** Every so often all rows of each account are compared with what is known of them. */
  SWEEP_EVERY_HOURS: z.coerce
    .number()
    .min(1)
    .max(24 * 365)
    .default(24),
  /** Settled writes are kept so many days, to look into what was sent. */
  WRITES_KEPT_DAYS: days.default(14),
  /** Ended runs are kept so many days, the latest result of each deal for as long as the deal. */
  RUNS_KEPT_DAYS: days.default(90),

  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** The variables that the hub reads. */
export const environmentNames: readonly string[] = Object.keys(environment.shape);

export type Config = Readonly<z.infer<typeof environment>> & {
  publicUrl: string;
  /** Every CRM address is this machine: nothing here can reach a customer's CRM. */
  crmsAreLocal: boolean;
};

/** Reads and checks the environment. Throws one Invalid that lists every fault. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const checked = environment.safeParse(given);
  const faults = [
    ...(checked.error?.issues ?? []).map((issue) => faultOf(issue.path.join('.'), issue.message, given)),
    ...faultsTogether(given),
  ];
  if (!checked.success || faults.length > 0)
    throw new Invalid(
      `The environment has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      'Correct these variables and start again.',
    );
  const { data } = checked;
  return Object.freeze({
    ...data,
    publicUrl: data.PUBLIC_URL ?? `http://${data.HOST}:${data.PORT}`,
    crmsAreLocal: isLocal(data.HUBSPOT_BASE_URL),
  });
}

/** A variable that is not set at all is missing, whatever would be asked of its value. */
function faultOf(name: string, message: string, given: Readonly<Record<string, string | undefined>>): string {
  return name in given ? `${name}: ${message}` : `${name} is missing`;
}

const crmAddresses = ['HUBSPOT_BASE_URL', 'SALESFORCE_LOGIN_URL', 'SALESFORCE_PUBSUB_URL'] as const;

/** What only several variables together say. An address that is no address is a fault of its own, told already. */
function faultsTogether(given: Readonly<Record<string, string | undefined>>): string[] {
  const faults: string[] = [];
  const local = crmAddresses.flatMap((name) => {
    const { data } = environment.shape[name].safeParse(given[name]);
    return data === undefined ? [] : [isLocal(data)];
  });
  if (new Set(local).size > 1)
    faults.push(
      `${crmAddresses.join(', ')}: some are this machine and some are not; a stand-in and a real CRM must not be mixed`,
    );
  if (!given['OPENAI_API_KEY'] && !given['ANTHROPIC_API_KEY'])
    faults.push('OPENAI_API_KEY or ANTHROPIC_API_KEY: give one of them');
  return faults;
}

/** The address is this machine: nothing sent there can reach a customer. */
export function isLocal(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}
