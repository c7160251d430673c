import { setTimeout as wait } from 'node:timers/promises';
import { instagram } from '../../../../connectors/instagram/business-discovery.ts';
import { openaiModel } from '../../../../connectors/openai/openai-model.ts';
import { braveSearch } from '../../../../connectors/search/brave-search.ts';
import { tiktokReason, unavailableNetwork } from '../../../../connectors/tiktok/unavailable-network.ts';
import { safeFetcher } from '../../../../connectors/web/fetch-page.ts';
import type { ResearchInput } from '../../../../jobs/research/input.ts';
import type { JobPorts, Progress } from '../../../../protocol/job.ts';
import type { Clock } from '../../../../protocol/ports/clock.ts';
import type { VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { startModel } from '../../../../sandbox/model/model.ts';
import { startWeb } from '../../../../sandbox/web/web.ts';
import { vendorContext } from '../../sandbox/seed/vendor-context.ts';

/** The research job's world: the sandbox's web and model, reached by the real connectors. */
export interface ResearchBench {
  web: VendorContext;
  model: VendorContext;
  told: Progress[];
  ports(more?: Partial<JobPorts>): JobPorts;
  close(): Promise<void>;
}

/** Stands still for stamps, so that two runs can be compared; sleeps are real. */
const clock: Clock = {
  now_ms: () => Date.parse('2026-11-22T12:00:00Z'),
  sleep: (duration_ms, signal) => wait(duration_ms, undefined, { signal, ref: false }),
};

export function inputOf(name: string, domain: string | null, more: Partial<ResearchInput> = {}): ResearchInput {
  const company = { recordId: 'company-1', name, domain, industry: 'transportation', city: null, country: null };
  return { deal: { recordId: 'deal-1', name: 'A deal' }, company, aiEnabled: true, ...more };
}

export async function researchBench(): Promise<ResearchBench> {
  const [web, model] = [vendorContext(), vendorContext()];
  const [webVendor, modelVendor] = [await startWeb(web), await startModel(model)];
  const baseUrl = `http://127.0.0.1:${webVendor.port}`;
  const fetchPage = safeFetcher({ clock, userAgent: 'RapportBot/1.0', proxyUrl: baseUrl, limits: { time_ms: 600 } });
  const search = braveSearch({ apiKey: 'sandbox', baseUrl, clock });
  const account = { accessToken: 'sandbox', userId: '17841400000704001' };
  const told: Progress[] = [];
  return {
    web,
    model,
    told,
    ports: (more = {}) => ({
      runId: 'run-1',
      clock,
      ids: { next: () => 'id-1' },
      model: openaiModel({
        apiKey: 'sandbox',
        baseUrl: `http://127.0.0.1:${modelVendor.port}/v1`,
        model: 'sandbox-extractive',
        label: 'Sandbox model (extractive)',
        clock,
        timeout_ms: 300,
      }),
      fetchPage,
      search,
      social: [
        instagram({ ...account, baseUrl, clock, fetchPage, search }),
        unavailableNetwork('tiktok', tiktokReason),
      ],
      progress: (progress) => Promise.resolve(void told.push(progress)),
      signal: new AbortController().signal,
      ...more,
    }),
    async close() {
      await fetchPage.close();
      for (const vendor of [webVendor, modelVendor]) await vendor.stop();
      for (const context of [web, model]) context.storage.close();
    },
  };
}
