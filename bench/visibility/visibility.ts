import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Crm } from '../kit/crms.ts';
import { Mirror, vendorLimitsOff } from '../kit/mirror.ts';
import { percentile } from '../kit/percentile.ts';
import { row, type Aim, type Row } from '../kit/row.ts';
import { Scene } from '../kit/scene.ts';
import type { BareLoop } from './bare-loop-process.ts';
import { timeEdits, type Pair } from './time-edits.ts';

const perSecond = 20;
const seconds = 15;
const floorSeconds = 5;
const warmUpSeconds = 2;
/** A new stream begins at the newest event: it must be open before the first edit. */
const streamOpens_ms = 1_500;

interface Direction {
  vendor: BareLoop['direction'];
  name: string;
  from: Crm;
  to: Crm;
  pairs: Pair[];
}

/**
 * From sending an edit in one CRM until it is read in the other, in milliseconds, at 20 edits a second, both directions. The
 * floor is a loop of the same vendor calls with nothing between, on the same sandbox, without limits, which it does not know.
 */
export async function visibility(options: { unthrottled: boolean }): Promise<Row[]> {
  const scene = new Scene();
  try {
    const mirror = await Mirror.start(scene, { limits: !options.unthrottled });
    const directions = await directionsOf(mirror);
    const ours: number[][] = [];
    for (const one of directions) {
      await timeEdits({ ...one, perSecond, seconds: warmUpSeconds });
      ours.push(await timeEdits({ ...one, perSecond, seconds }));
    }
    await mirror.stopHub();
    await vendorLimitsOff(mirror.ports);
    const floors: number[][] = [];
    for (const one of directions) {
      const { ports, hubPort: port } = mirror;
      const told: BareLoop = { direction: one.vendor, ports, port, pairs: one.pairs };
      const script = join(import.meta.dirname, 'bare-loop-process.ts');
      const loop = await scene.child(script, { BARE_LOOP: JSON.stringify(told) });
      await sleep(streamOpens_ms);
      await timeEdits({ ...one, perSecond, seconds: warmUpSeconds });
      floors.push(await timeEdits({ ...one, perSecond, seconds: floorSeconds }));
      await loop.stop();
    }
    const kind = options.unthrottled ? 'unthrottled' : 'under limits';
    return directions.flatMap(({ name }, at) =>
      ([0.5, 0.95] as const).flatMap((share) => {
        const figures = {
          ours: percentile(ours[at] ?? [], share),
          floor: percentile(floors[at] ?? [], share),
          ...aimOf(options.unthrottled, share),
        };
        return [row(`edit to visible, ${name}, ${kind}, p${share * 100}`, 'ms', figures)];
      }),
    );
  } finally {
    await scene.end();
  }
}

function aimOf(unthrottled: boolean, share: 0.5 | 0.95): { aim?: Aim } {
  if (unthrottled) return { aim: { of: 'ours', value: share === 0.5 ? 100 : 300, best: 'least' } };
  return share === 0.95 ? { aim: { of: 'ours', value: 1_000, best: 'least' } } : {};
}

async function directionsOf({ hubspot, salesforce }: Mirror): Promise<Direction[]> {
  const [there, here] = await Promise.all([salesforce.idsByRecord(), hubspot.idsByRecord()]);
  const both = [...here].flatMap(([ours, id]): [string, string][] => {
    const other = there.get(ours);
    return other === undefined ? [] : [[id, other]];
  });
  return [
    {
      vendor: 'hubspot',
      name: 'HubSpot to Salesforce',
      from: hubspot,
      to: salesforce,
      pairs: both.map(([from, to]) => ({ from, to })),
    },
    {
      vendor: 'salesforce',
      name: 'Salesforce to HubSpot',
      from: salesforce,
      to: hubspot,
      pairs: both.map(([to, from]) => ({ from, to })),
    },
  ];
}
