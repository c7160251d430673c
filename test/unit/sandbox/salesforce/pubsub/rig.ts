import { Clock } from '../../../../../sandbox/kit/clock.ts';
import { Faults } from '../../../../../sandbox/kit/faults.ts';
import { Storage } from '../../../../../sandbox/kit/storage.ts';
import type { EntityField } from '../../../../../sandbox/salesforce/pubsub/event-schema.ts';
import { startPubsub, type Pubsub, type PubsubOptions } from '../../../../../sandbox/salesforce/pubsub/pubsub.ts';
import type { RowChange } from '../../../../../sandbox/salesforce/row-change.ts';

export const orgA = '00D5f000000SbA1EAM';
export const orgB = '00D5f000000SbB2EAM';

const fieldsOf: Record<string, EntityField[]> = {
  Account: [
    { name: 'Id', type: 'string' },
    { name: 'Name', type: 'string' },
    { name: 'BillingStreet', type: 'textarea' },
    { name: 'BillingCity', type: 'string' },
    { name: 'ShippingStreet', type: 'textarea' },
    { name: 'ShippingCity', type: 'string' },
    { name: 'NumberOfEmployees', type: 'int' },
    { name: 'Description', type: 'textarea' },
    { name: 'LastModifiedDate', type: 'datetime' },
    { name: 'SystemModstamp', type: 'datetime' },
  ],
  Contact: [
    { name: 'Salutation', type: 'string' },
    { name: 'FirstName', type: 'string' },
    { name: 'LastName', type: 'string' },
    { name: 'Name', type: 'string' },
    { name: 'Email', type: 'string' },
    { name: 'LastModifiedDate', type: 'datetime' },
  ],
  Opportunity: [
    { name: 'AccountId', type: 'reference' },
    { name: 'Name', type: 'string' },
    { name: 'StageName', type: 'string' },
    { name: 'Amount', type: 'double' },
    { name: 'CloseDate', type: 'date' },
    { name: 'NextStep', type: 'string' },
    { name: 'IsClosed', type: 'boolean' },
    { name: 'LastModifiedDate', type: 'datetime' },
    { name: 'Rapport_Id__c', type: 'string' },
  ],
  Case: [{ name: 'Subject', type: 'string' }],
};

export interface Rig {
  pubsub: Pubsub;
  clock: Clock;
  faults: Faults;
  storage: Storage;
  endpoint: string;
  sessions: Map<string, { orgId: string; userId: string }>;
  /** Commits one transaction of an Opportunity update (org A unless told). */
  update(fields: Record<string, unknown>, change?: Partial<RowChange>): void;
  stop(): Promise<void>;
}

/** A Pub/Sub stand-in on a free port with two orgs, whose tokens are `token-a` and `token-b`. */
export async function startRig(
  options: Partial<PubsubOptions> & { storage?: Storage; clock?: Clock; port?: number } = {},
): Promise<Rig> {
  const { storage = new Storage(':memory:'), clock = new Clock(), port = 0, ...rest } = options;
  const faults = new Faults();
  const sessions = new Map([
    ['token-a', { orgId: orgA, userId: '0055f00000AbCdEAAV' }],
    ['token-b', { orgId: orgB, userId: '0055f00000AbCdFAAV' }],
  ]);
  const pubsub = await startPubsub(
    { port, host: '127.0.0.1', storage, clock, faults },
    { session: (token) => sessions.get(token), fields: (_orgId, entity) => fieldsOf[entity], ...rest },
  );
  let transactions = 0;
  return {
    pubsub,
    clock,
    faults,
    storage,
    sessions,
    endpoint: `http://127.0.0.1:${pubsub.port}`,
    update: (fields, change = {}) => {
      transactions += 1;
      const transactionKey = `0000-${transactions}`;
      pubsub.publish([rowChange({ fields, transactionKey, committedAt_ms: clock.now_ms(), ...change })]);
    },
    stop: () => pubsub.stop(),
  };
}

export function rowChange(change: Partial<RowChange>): RowChange {
  return {
    orgId: orgA,
    entity: 'Opportunity',
    changeType: 'UPDATE',
    recordId: '0065f00000AbCdEAAV',
    fields: {},
    transactionKey: '0000-0',
    sequenceNumber: 1,
    committedAt_ms: Date.now(),
    commitUser: '0055f00000AbCdEAAV',
    changeOrigin: '',
    ...change,
  };
}

/** Resolves once the condition holds; rejects after two seconds, naming what was waited for. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let waited_ms = 0; !holds(); waited_ms += 5) {
    if (waited_ms > 2000) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
