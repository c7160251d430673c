import type { Bell } from '../../protocol/ports/bell.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import { startRun, type Asker } from '../runs/start-run.ts';
import { readDealView, type ViewAnswer, type ViewDeps } from '../view/read-deal-view.ts';

export type ResearchDeps = ViewDeps & { bell: Bell; ids: Ids };

/** Starts research for the deal behind a row, or joins the run that is under way, and answers the deal's view, which says if it is refused. */
export async function startResearch(
  deps: ResearchDeps,
  at: { tenantId: string; installationId: string },
  externalId: string,
  asker: Asker,
): Promise<ViewAnswer> {
  const recordId = await dealOf(deps, at, externalId);
  if (recordId === undefined) return { status: 'not_synced' };
  await startRun(deps, at.tenantId, { job: 'research', recordId }, asker);
  return readDealView(deps, at, externalId);
}

/** Our record id of the deal that a row is linked to. */
export async function dealOf(
  deps: ViewDeps,
  { tenantId, installationId }: { tenantId: string; installationId: string },
  externalId: string,
): Promise<string | undefined> {
  return deps.store.tenant(tenantId, async (tx) => {
    const installation = (await tx.installations()).find((one) => one.id === installationId);
    const object = installation && deps.mapper.target('deal', installation.vendor, installation.targets.deal)?.object;
    if (object === undefined) return undefined;
    const [link] = await tx.linksByExternalId(installationId, object, [externalId]);
    return link?.recordId;
  });
}
