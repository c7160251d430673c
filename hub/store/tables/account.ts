import { defineEntity, p } from '@mikro-orm/core';
import type { Installation, Vendor } from '../../../protocol/nouns.ts';
import { tenancy } from './tenancy.ts';

export const TenantTable = defineEntity({
  name: 'Tenant',
  ...tenancy,
  properties: { tenantId: p.text().primary(), name: p.text(), aiEnabled: p.boolean() },
});

export const InstallationTable = defineEntity({
  name: 'Installation',
  ...tenancy,
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    vendor: p.text().$type<Vendor>(),
    accountId: p.text(),
    state: p.text().$type<Installation['state']>(),
    confirmed: p.boolean(),
    targets: p.json<Installation['targets']>(),
    timeZone: p.text().nullable(),
    brokenReason: p.text().nullable(),
  },
});

/** Apart from the installation, so that reading one never touches the secret. */
export const GrantTable = defineEntity({
  name: 'InstallationGrant',
  ...tenancy,
  properties: {
    tenantId: p.text().primary(),
    installationId: p.text().primary(),
    keyId: p.text(),
    sealed: p.text(),
  },
});

export const CursorTable = defineEntity({
  name: 'VendorCursor',
  ...tenancy,
  properties: {
    tenantId: p.text().primary(),
    installationId: p.text().primary(),
    name: p.text().primary(),
    value: p.text(),
  },
});

export const PersonTable = defineEntity({
  name: 'Person',
  ...tenancy,
  properties: {
    tenantId: p.text().primary(),
    installationId: p.text().primary(),
    userId: p.text().primary(),
    ownerId: p.text(),
    name: p.text(),
    email: p.text(),
  },
});
