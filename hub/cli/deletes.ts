import { ask } from './ask.ts';

/** `rapport deletes confirm TENANT INSTALLATION OBJECT`: rows that went all at once are rightly gone. */
export async function confirmDeletes(tenantId: string, installationId: string, object: string): Promise<void> {
  const { count } = await ask<{ count: number }>('/api/deletes/confirm', { tenantId, installationId, object });
  process.stdout.write(`${count} rows are read once more; those that are gone then are taken for deleted.\n`);
}
