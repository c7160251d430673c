import { join } from 'node:path';
import { hubspotConnector } from '../connectors/hubspot/connector.ts';
import { instagram } from '../connectors/instagram/business-discovery.ts';
import { salesforceConnector } from '../connectors/salesforce/connector.ts';
import { braveSearch } from '../connectors/search/brave-search.ts';
import { facebookReason, tiktokReason, unavailableNetwork } from '../connectors/tiktok/unavailable-network.ts';
import { safeFetcher } from '../connectors/web/fetch-page.ts';
import { researchJob } from '../jobs/research/research-job.ts';
import { loadMappings } from '../mappings/load.ts';
import { createMapper } from '../mappings/mapper.ts';
import type { CrmConnector } from '../protocol/crm-connector.ts';
import type { FetchPage, Search, SocialSource } from '../protocol/job.ts';
import type { Model } from '../protocol/model.ts';
import type { Vendor } from '../protocol/nouns.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import type { Mapper } from '../protocol/ports/mapper.ts';
import type { Config } from './config.ts';
import { lateModel } from './late-model.ts';
import { researchInput } from './research-input.ts';
import type { AnyJobEntry } from './runs/deps.ts';

/** Everything that has a name of its own in the product: the connectors, the mappings and the jobs. */
export interface Registry {
  connectors: Readonly<Record<Vendor, CrmConnector>>;
  mapper: Mapper;
  model: Model;
  fetchPage: FetchPage;
  search: Search | undefined;
  social: SocialSource[];
  jobs: ReadonlyMap<string, AnyJobEntry>;
  /** Ends kept connections. */
  close(): Promise<void>;
}

const userAgent = 'RapportBot/1.0 (+https://rapport.example/bot)';

export function createRegistry(config: Config, clock: Clock): Registry {
  const { SEARCH_API_KEY, INSTAGRAM_ACCESS_TOKEN, INSTAGRAM_USER_ID } = config;
  const fetchPage = safeFetcher({
    clock,
    userAgent,
    ...(config.EGRESS_PROXY_URL ? { proxyUrl: config.EGRESS_PROXY_URL } : {}),
  });
  const search = SEARCH_API_KEY
    ? braveSearch({ apiKey: SEARCH_API_KEY, baseUrl: config.SEARCH_BASE_URL, clock })
    : undefined;
  return {
    connectors: {
      hubspot: hubspotConnector({
        baseUrl: config.HUBSPOT_BASE_URL,
        appId: config.HUBSPOT_APP_ID,
        clientId: config.HUBSPOT_CLIENT_ID,
        clientSecret: config.HUBSPOT_CLIENT_SECRET,
        publicUrl: config.publicUrl,
        clock,
        timeout_ms: 10_000,
      }),
      salesforce: salesforceConnector({
        loginUrl: config.SALESFORCE_LOGIN_URL,
        pubsubUrl: config.SALESFORCE_PUBSUB_URL,
        clientName: 'Rapport',
        clock,
      }),
    },
    mapper: createMapper(loadMappings(join(import.meta.dirname, '..', 'mappings'))),
    model: createModel(config, clock),
    fetchPage,
    search,
    social: [
      INSTAGRAM_ACCESS_TOKEN && INSTAGRAM_USER_ID
        ? instagram({
            accessToken: INSTAGRAM_ACCESS_TOKEN,
            userId: INSTAGRAM_USER_ID,
            baseUrl: config.GRAPH_BASE_URL,
            clock,
            fetchPage,
            search,
          })
        : unavailableNetwork('instagram', {
            code: 'not_connected',
            reason: 'No Instagram account of yours is connected.',
          }),
      unavailableNetwork('facebook', facebookReason),
      unavailableNetwork('tiktok', tiktokReason),
    ],
    jobs: new Map([['research', { job: researchJob, inputFrom: researchInput } as AnyJobEntry]]),
    close: () => fetchPage.close(),
  };
}

function createModel(config: Config, clock: Clock): Model {
  const { ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENAI_MODEL, ANTHROPIC_MODEL, MODEL_LABEL } = config;
  if (OPENAI_API_KEY) {
    const label = MODEL_LABEL ?? OPENAI_MODEL;
    return lateModel(label, async () => {
      const { openaiModel } = await import('../connectors/openai/openai-model.ts');
      return openaiModel({
        apiKey: OPENAI_API_KEY,
        model: OPENAI_MODEL,
        label,
        clock,
        ...(config.OPENAI_BASE_URL ? { baseUrl: config.OPENAI_BASE_URL } : {}),
      });
    });
  }
  const label = MODEL_LABEL ?? ANTHROPIC_MODEL;
  return lateModel(label, async () => {
    const { anthropicModel } = await import('../connectors/anthropic/anthropic-model.ts');
    return anthropicModel({
      apiKey: ANTHROPIC_API_KEY ?? '',
      model: ANTHROPIC_MODEL,
      label,
      clock,
      ...(config.ANTHROPIC_BASE_URL ? { baseUrl: config.ANTHROPIC_BASE_URL } : {}),
    });
  });
}
