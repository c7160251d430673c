import { ask } from './ask.ts';

/** `rapport sweep TENANT INSTALLATION`: compares all rows of an account now. */
export async function sweep(tenantId: string, installationId: string): Promise<void> {
  const { objects } = await ask<{ objects: string[] }>('/api/sweep', { tenantId, installationId });
  process.stdout.write(`Comparing ${objects.join(', ')}; \`rapport status\` shows how far it is.\n`);
}
