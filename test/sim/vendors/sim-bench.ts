import type { CrmBench, CrmFault } from '../../conformance/crm-bench.ts';
import { systemClock } from '../../conformance/system-clock.ts';
import { faultNames, type FaultName } from '../faults/catalogue.ts';
import type { Weather } from '../faults/weather.ts';
import type { Flavour } from './flavour.ts';
import { openAccount } from './open-account.ts';
import { simConnector } from './connector.ts';

const faultOf: Readonly<Record<CrmFault, FaultName>> = {
  busy: 'busy',
  server_error: 'server_error',
  lost_answer: 'lost_answer',
  lost_answer_of_delete: 'lost_answer',
  expired_token: 'token_expired',
  revoked: 'revoked',
};

/** A simulated account as the conformance suite of connectors wants it; the flavour decides the rest. */
export async function simBench(
  flavour: Flavour,
  about: Pick<CrmBench, 'object' | 'text' | 'refused' | 'option' | 'edges'>,
): Promise<CrmBench> {
  const armed = new Set<FaultName>();
  const weather: Weather = { strikes: (name) => armed.delete(name), between: (_name, _least, most) => most };
  const account = openAccount('account', flavour, { clock: systemClock, weather, latency_ms: () => 0 });
  const connector = simConnector(flavour.vendor, new Map([['account', account]]));
  const options = { accountId: 'account', grant: {}, saveGrant: () => Promise.resolve() };
  const setUp = connector.open({ ...options, gate: { call: (_about, send) => send(() => undefined) } });
  const ours = { name: flavour.idField, label: 'Rapport id', type: 'text', unique: true } as const;
  for (const object of account.crm.schema.keys()) await setUp.ensureFields?.(object, [ours]);
  const asPerson = <T>(work: Parameters<typeof account.crm.transact<T>>[1]): T =>
    account.crm.transact({ kind: 'person', userId: '101' }, work);
  return {
    ...about,
    open: (gate) => connector.open({ ...options, gate }),
    idField: flavour.idField,
    absent: { id: flavour.absentId, object: 'no_such_object', field: 'no_such_field' },
    batchSize: flavour.batchSize,
    async fault(name) {
      const fault = faultNames.find((one) => one === faultOf[name]);
      if (fault) armed.add(fault);
    },
    async edit(object, id, fields) {
      asPerson((tx) => account.crm.save(tx, object, id, fields));
    },
    async addPeer(id, peer) {
      const { object, field } = about.edges;
      const there = (account.crm.row(object, id)?.fields[field] ?? []) as readonly string[];
      asPerson((tx) => account.crm.save(tx, object, id, { [field]: [...there, peer] }));
    },
    async remove(object, id) {
      asPerson((tx) => account.crm.archive(tx, object, id));
    },
    merge: async (object, master, loser) => asPerson((tx) => account.crm.merge(tx, object, master, loser)),
    async stop() {},
  };
}
