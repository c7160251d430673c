import type { House } from '../kit/house.ts';
import { objectOf } from '../kit/crm-objects.ts';
import { kinds, objects, textOf, type Kind, type Side } from './objects.ts';

export interface Row {
  id: string;
  /** Our record's id as the row carries it. */
  rapportId: string;
  /** By canonical name, the identity included. */
  values: Readonly<Record<string, string>>;
}

/** Every row of the objects under load, as each CRM has it. */
export type World = Readonly<Record<Side, Readonly<Record<Kind, readonly Row[]>>>>;

/** Reads tenant a's rows as a person. */
export async function readWorld(house: House): Promise<World> {
  const [hubspot, salesforce] = await Promise.all([
    Promise.all(kinds.map((kind) => hubspotRows(house, kind))),
    Promise.all(kinds.map((kind) => salesforceRows(house, kind))),
  ]);
  const byKind = (all: Row[][]): Record<Kind, Row[]> =>
    Object.fromEntries(kinds.map((kind, at) => [kind, all[at] ?? []])) as Record<Kind, Row[]>;
  return { hubspot: byKind(hubspot), salesforce: byKind(salesforce) };
}

async function hubspotRows(house: House, kind: Kind): Promise<Row[]> {
  const fields = fieldsOf(kind);
  const names = ['rapport_id', ...fields.map((field) => field.hubspot)];
  return (await house.people.a.hubspot.list(objectOf[kind].hubspot, names)).map(({ id, properties }) => ({
    id,
    rapportId: properties['rapport_id'] ?? '',
    values: Object.fromEntries(fields.map((field) => [field.name, textOf(field, properties[field.hubspot])])),
  }));
}

async function salesforceRows(house: House, kind: Kind): Promise<Row[]> {
  const fields = fieldsOf(kind);
  const names = ['Id', 'Rapport_Id__c', ...fields.map((field) => field.salesforce)];
  const rows = await house.people.a.salesforce.query(`SELECT ${names.join(', ')} FROM ${objectOf[kind].salesforce}`);
  return rows.map((row) => ({
    id: row.Id,
    rapportId: textOf(objects[kind].identity, row['Rapport_Id__c']),
    values: Object.fromEntries(fields.map((field) => [field.name, textOf(field, row[field.salesforce])])),
  }));
}

const fieldsOf = (kind: Kind) => [objects[kind].identity, ...objects[kind].fields];
