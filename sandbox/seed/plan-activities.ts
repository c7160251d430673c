import type { Random } from '../kit/random.ts';
import type { Presence, WorldDeal, WorldMail, WorldTask, WorldTenant } from './world.ts';

const day_ms = 86_400_000;
const both: Presence = { hubspot: 1, salesforce: 1 };
const places: Presence[] = [both, both, { hubspot: 1, salesforce: 0 }, { hubspot: 0, salesforce: 1 }];

const topics = ['Offer', 'Questions on the offer', 'Minutes of our call', 'Security questionnaire'];
const duties = ['Send the offer', 'Prepare the demo', 'Check the contract', 'Ask for references'];

/** E-mails and tasks of deals that are in both CRMs: half of them are in both, the others in one. No task is done. */
export function planActivities(
  tenant: WorldTenant,
  random: Random,
  base_ms: number,
): { mails: WorldMail[]; tasks: WorldTask[] } {
  const shared = tenant.deals.filter(({ presence }) => presence.hubspot === 1 && presence.salesforce === 1);
  const mails = Array.from({ length: 16 }, (_, at) => mail(random.pick(shared), at, random));
  const tasks = Array.from({ length: 12 }, (_, at): WorldTask => {
    const deal = random.pick(shared);
    return {
      key: `task-${at + 1}`,
      dealKey: deal.key,
      ownerKey: deal.ownerKey,
      subject: `${random.pick(duties)}: ${deal.name}`.slice(0, 255),
      dueDate: new Date(base_ms + random.between(2, 30) * day_ms).toISOString().slice(0, 10),
      presence: places[at % places.length] as Presence,
    };
  });
  return { mails, tasks };
}

function mail(deal: WorldDeal, at: number, random: Random): WorldMail {
  const topic = random.pick(topics);
  const sent_ms = Date.parse(deal.lastTouchAt) - random.between(1, 20) * day_ms;
  return {
    key: `mail-${at + 1}`,
    dealKey: deal.key,
    contactKey: deal.contactKeys[0] as string,
    ownerKey: deal.ownerKey,
    messageId: `<seed-${at + 1}.${random.between(100_000, 999_999)}@mail.sales-team.example>`,
    incoming: random.chance(0.4),
    subject: `${topic}: ${deal.name}`,
    text: `${topic} for "${deal.name}", as we said on the phone.`,
    sentAt: new Date(Math.floor(sent_ms / 1000) * 1000).toISOString(),
    presence: places[at % places.length] as Presence,
  };
}
