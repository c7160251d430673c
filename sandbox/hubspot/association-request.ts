import type Koa from 'koa';
import type { Actor } from './actor.ts';
import type { Pair } from './association-writer.ts';
import { requireScope } from './authentication.ts';
import { actorOf } from './http.ts';
import { typeNamed } from './object-request.ts';
import type { HubspotState } from './state.ts';

/** Who calls and between which kinds of object, with the scopes that the call needs; 400 for a pair that HubSpot does not have. */
export function openPair(
  state: HubspotState,
  ctx: Koa.Context & { params: Record<string, string> },
  access: 'read' | 'write',
): { actor: Actor; pair: Pair } {
  const actor = actorOf(ctx);
  const pair = {
    from: typeNamed(state, actor.portalId, ctx.params['from'] ?? ''),
    to: typeNamed(state, actor.portalId, ctx.params['to'] ?? ''),
  };
  for (const type of [pair.from, pair.to]) requireScope(actor, [`crm.objects.${type.scope}.${access}`]);
  state.associate.rule(pair);
  return { actor, pair };
}
