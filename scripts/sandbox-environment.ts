import { hubspotApp, orgs, portals } from '../sandbox/seed/credentials.ts';
import { generateWorld } from '../sandbox/seed/generate-world.ts';
import { searchToken, social } from '../sandbox/web/accounts.ts';
import type { SandboxPorts } from '../sandbox/start.ts';

/** The hub's environment beside the sandbox: the same variables that name real vendors. */
export function sandboxEnvironment(ports: SandboxPorts): Record<string, string> {
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    HUBSPOT_BASE_URL: at(ports.hubspot),
    HUBSPOT_APP_ID: String(hubspotApp.appId),
    HUBSPOT_CLIENT_ID: hubspotApp.clientId,
    HUBSPOT_CLIENT_SECRET: hubspotApp.clientSecret,
    SALESFORCE_LOGIN_URL: at(ports.salesforce),
    SALESFORCE_PUBSUB_URL: at(ports.pubsub),
    EGRESS_PROXY_URL: at(ports.web),
    SEARCH_BASE_URL: at(ports.web),
    SEARCH_API_KEY: searchToken,
    GRAPH_BASE_URL: at(ports.web),
    INSTAGRAM_ACCESS_TOKEN: social.accessToken,
    INSTAGRAM_USER_ID: social.instagramUserId,
  };
}

/** Without a key of a model's vendor, the sandbox's extractive model answers, and says so. */
export function sandboxModel(ports: SandboxPorts): Record<string, string> {
  return {
    OPENAI_API_KEY: 'sandbox',
    OPENAI_BASE_URL: `http://127.0.0.1:${ports.model}/v1`,
    OPENAI_MODEL: 'sandbox-extractive',
    MODEL_LABEL: 'Sandbox model (extractive)',
  };
}

/** The sandbox's two tenants, one portal and one org each, as a provision file has them. */
export function sandboxTenants(confirmed: boolean): object {
  const names = new Map(generateWorld(1).tenants.map((tenant) => [tenant.key, tenant.name]));
  return {
    tenants: portals.map((portal) => {
      const org = orgs.find((one) => one.tenant === portal.tenant) as (typeof orgs)[number];
      return {
        id: `tenant-${portal.tenant}`,
        name: names.get(portal.tenant),
        ai: true,
        installations: [
          {
            id: `hubspot-${portal.tenant}`,
            vendor: 'hubspot',
            account: String(portal.portalId),
            confirmed,
            grant: { refreshToken: portal.refreshToken },
          },
          {
            id: `salesforce-${portal.tenant}`,
            vendor: 'salesforce',
            account: org.orgId,
            confirmed,
            grant: { ...org.integration, componentSecret: org.backEnd.clientSecret },
          },
        ],
      };
    }),
  };
}
