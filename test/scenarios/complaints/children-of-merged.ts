import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

export const scenario: Scenario = {
  number: 12,
  complaint: 'A merge turns its children silently to the survivor, and the other CRM never hears of it',
  async play() {
    const stage = setStage();
    const { hubspot } = stage;
    const first = hubspot.add('companies', { name: 'Twelve', domain: 'twelve.example' });
    const second = hubspot.add('companies', { name: 'Twelve old', domain: 'old.twelve.example' });
    hubspot.add('contacts', { email: 'ada@old.twelve.example', lastname: 'Twelve', 'association:companies': second });
    await stage.open();
    const merged = hubspot.act((tx) => hubspot.place.account.crm.merge(tx, 'companies', first, second));
    await stage.rest();
    const survivor = stage.links().find((link) => link.externalId === merged)?.recordId;
    const child = stage.records().find((record) => record.kind === 'contact');
    const agreed = stage.links().filter((link) => link.recordId === child?.id);
    return {
      child: child?.fields['company'] === survivor,
      agreed: agreed.map((link) => link.base?.['company'] === survivor),
    };
  },
  holds: { child: true, agreed: [true, true] },
  harm: { child: false, agreed: [false, false] },
  guard: {
    name: 'what refers to merged rows is neither turned nor read again',
    file: 'hub/sync/merge-rows.ts',
    find: '  await repointChildren(deps, tx, turned);\n',
    replace: '  void [repointChildren, turned];\n',
  },
};
