import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Invalid } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import { isLocal } from './config.ts';
import type { OpenStore } from './store/open-store.ts';

const schema = z.strictObject({
  tenants: z.array(
    z.strictObject({
      id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'small letters, digits and - only'),
      name: z.string().min(1),
      /** Text may go to a model of another company. */
      ai: z.boolean().default(false),
      installations: z.array(
        z.strictObject({
          id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'small letters, digits and - only'),
          vendor: z.enum(['hubspot', 'salesforce']),
          account: z.string().min(1),
          /** The plan of this account was confirmed: writing may start when all is read. */
          confirmed: z.boolean().default(false),
          grant: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ),
});

/**
 * Makes the tenants and installations that a file names; what is there already stays. With a CRM that is not this machine
 * nothing starts confirmed: a new installation only observes.
 */
export async function provision(store: OpenStore, clock: Clock, file: string, crmsAreLocal: boolean): Promise<void> {
  const checked = schema.safeParse(readYaml(file));
  if (!checked.success)
    throw new Invalid(`${file}: ${z.prettifyError(checked.error)}`, 'Correct the named entries and start again.');
  for (const { id, name, ai, installations } of checked.data.tenants) {
    for (const { id: installation, grant } of installations) {
      const { loginUrl } = grant;
      if (loginUrl !== undefined && isLocal(loginUrl) !== crmsAreLocal)
        throw new Invalid(
          `${file}: ${id}/${installation}: its loginUrl is ${crmsAreLocal ? 'a real CRM' : 'this machine'}, the other CRM addresses are not.`,
          'Name stand-ins only, or real CRMs only.',
        );
    }
    await store.provisionTenant({
      id,
      name,
      aiEnabled: ai,
      installations: installations.map((one) => {
        const confirmed = one.confirmed && crmsAreLocal;
        return {
          id: one.id,
          vendor: one.vendor,
          accountId: one.account,
          state: confirmed ? ('linking' as const) : ('observing' as const),
          confirmed,
          grant: one.grant,
        };
      }),
    });
    await store.tenant(id, async (tx) => {
      for (const installation of await tx.installations()) {
        if (installation.state === 'disconnected') continue;
        // Reading starts, or goes on where it stopped; marks that are there already stay.
        await tx.markDue(installation.id, 'backfill', clock.now_ms());
        if ((await tx.cursor(installation.id, 'set-up')) !== undefined)
          await tx.markDue(installation.id, 'poll', clock.now_ms());
      }
    });
  }
}

/** What a YAML file says. The texts of its faults show no line of it: grants may stand there. */
function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Invalid(
      `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      'Set PROVISION_FILE to a file that is there, or leave it out.',
      cause,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length === 0) return document.toJS();
  const faults = document.errors.map(({ pos, message }) => {
    const { line, col } = lines.linePos(pos[0]);
    return `${file}:${line}:${col} ${message}`;
  });
  throw new Invalid(faults.join('\n'), 'Correct the named lines and start again.');
}
