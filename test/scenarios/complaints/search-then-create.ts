import { randomUUID } from 'node:crypto';
import { hubspotBench } from '../../conformance/crm-hubspot.ts';
import type { Scenario } from '../scenario.ts';

const purpose = { lane: 'interactive', what: 'scenario' } as const;

export const scenario: Scenario = {
  number: 7,
  complaint: 'A row that was just made is not found by HubSpot’s search, and is made again',
  async play() {
    // The connector alone, over the stand-in for HubSpot's API.
    const bench = await hubspotBench();
    try {
      const api = bench.open({ call: (_about, send) => send(() => undefined) });
      const recordId = randomUUID();
      const row = { recordId, externalId: null, fields: { name: 'Seven', rapport_id: recordId }, before: {} };
      await bench.fault('lost_answer');
      await api.write('companies', 'rapport_id', [row], ['name'], purpose);
      // Nobody knows what became of it, and it is made once more.
      await api.write('companies', 'rapport_id', [row], ['name'], purpose);
      let named = 0;
      let after: string | undefined;
      do {
        const page = await api.list('companies', after, purpose);
        const ids = page.rows.map((one) => one.externalId);
        const read = await api.read('companies', ids, ['name'], purpose);
        named += read.rows.filter((one) => one.fields['name'] === 'Seven').length;
        after = page.next;
      } while (after !== undefined);
      return { rows: named };
    } finally {
      await bench.stop();
    }
  },
  holds: { rows: 1 },
  harm: { rows: 2 },
  guard: {
    name: 'a new row is created, not upserted on the hub’s own id',
    file: 'connectors/hubspot/write.ts',
    find: `      path: objectPath(type.pathName, 'batch', verb),
      body: { inputs: rows.map((row, index) => input(writing, verb, row, String(index))) },
`,
    replace: `      path: objectPath(type.pathName, 'batch', verb === 'upsert' ? 'create' : verb),
      body: { inputs: rows.map(({ fields: { [writing.idField]: _, ...properties } }) => ({ properties })) },
`,
  },
};
