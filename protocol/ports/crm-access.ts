import type { CrmApi, ObjectDescription } from '../crm-connector.ts';

/** The opened API of an installation, and what its account looks like. */
export interface CrmAccess {
  /** Throws Reconnect when the grant is broken. */
  api(tenantId: string, installationId: string): Promise<CrmApi>;
  /** The object as this account sees it, at most some minutes old; undefined when it is not there. */
  describe(tenantId: string, installationId: string, object: string): Promise<ObjectDescription | undefined>;
  /** After fields were added: the next `describe` asks again. */
  forgetDescriptions(tenantId: string, installationId: string): void;
}
