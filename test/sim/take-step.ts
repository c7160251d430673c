import type { VendorValue } from '../../protocol/fields.ts';
import { objectOf } from './oracle-field.ts';
import type { Step } from './script.ts';
import type { SimCrm, Transaction } from './vendors/crm.ts';
import { Refusal } from './vendors/refusal.ts';
import { mapper, type World } from './world.ts';

const person = { kind: 'person', userId: '101' } as const;

/** What one person does in one CRM. What the CRM does not let them do is no step. Answers whether they did it. */
export function takeStep(world: World, step: Step): boolean {
  const place = world.places[step.account];
  if (!place) return false;
  const { crm } = place.account;
  try {
    return crm.transact(person, (tx) => act(world, crm, tx, step));
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function act(world: World, crm: SimCrm, tx: Transaction, step: Step): boolean {
  const { whereabouts } = world;
  if (step.do === 'create') {
    const object = objectOf(mapper.mappings, step.kind, crm.flavour.vendor);
    whereabouts.put(step.who, step.account, crm.save(tx, object, null, step.fields));
    return true;
  }
  const row = whereabouts.row(step.who, step.account);
  if (!row || row.archived !== (step.do === 'restore')) return false;
  switch (step.do) {
    case 'edit':
      crm.save(tx, row.object, row.id, step.fields);
      return true;
    case 'delete':
      crm.archive(tx, row.object, row.id);
      return true;
    case 'restore':
      crm.restore(tx, row.object, row.id);
      return true;
    default: {
      const peer = whereabouts.row(step.peer, step.account);
      if (!peer || peer.archived) return false;
      const value = linked(
        row.fields[step.field] ?? null,
        peer.id,
        step.do,
        crm.schema.get(row.object)?.get(step.field)?.type === 'set',
      );
      crm.save(tx, row.object, row.id, { [step.field]: value });
      return true;
    }
  }
}

function linked(there: VendorValue, peer: string, verb: 'link' | 'unlink', isSet: boolean): VendorValue {
  if (!isSet) return verb === 'link' ? peer : null;
  const others = ((there ?? []) as readonly string[]).filter((id) => id !== peer);
  return verb === 'link' ? [...others, peer] : others;
}
