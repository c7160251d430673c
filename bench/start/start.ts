import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removePostgres } from '../../scripts/postgres/launch.ts';
import { freePort } from '../../scripts/postgres/settings.ts';
import { median } from '../kit/percentile.ts';
import { row, type Row } from '../kit/row.ts';
import { Scene } from '../kit/scene.ts';

const starts = 5;
const coldPatience_ms = 120_000;
const warmPatience_ms = 20_000;
const root = join(import.meta.dirname, '..', '..');

/**
 * From the command `npm start` to `/health/ready` in seconds, median of five starts on data that is there; the floor is a Node
 * process that starts the embedded database on its own data and does nothing else.
 */
export async function start(): Promise<Row[]> {
  const scene = new Scene();
  const floorScene = new Scene();
  try {
    await floorScene.database().then((database) => database.stop());
    // Whatever an interrupted start leaves running.
    scene.onEnd(() => removePostgres({ dataDir: scene.dataDir }));
    const ports = await freePorts();
    // The first start makes the database and builds the card and the component.
    await once(scene, ports, coldPatience_ms, () => built(ports));
    const ours: number[] = [];
    const floor: number[] = [];
    for (let at = 0; at < starts; at += 1) {
      ours.push(await once(scene, ports, warmPatience_ms));
      const began_ms = performance.now();
      const database = await floorScene.child(join(import.meta.dirname, 'database-process.ts'), {
        DATA_DIR: floorScene.dataDir,
      });
      floor.push((performance.now() - began_ms) / 1_000);
      await database.stop();
    }
    const figures = { ours: median(ours), floor: median(floor) };
    return [row('npm start to ready, warm', 's', { ...figures, aim: { of: 'ours', value: 3, best: 'least' } })];
  } finally {
    await scene.end();
    await floorScene.end();
  }
}

type Ports = Readonly<Record<string, string>>;

async function freePorts(): Promise<Ports> {
  const names = [
    'PORT',
    ...['HUBSPOT', 'SALESFORCE', 'PUBSUB', 'MODEL', 'WEB', 'DESK'].map((one) => `SANDBOX_${one}_PORT`),
  ];
  const ports: [string, string][] = [];
  for (const name of names) ports.push([name, String(await freePort())]);
  return Object.fromEntries(ports);
}

/** Starts all, waits until it is ready, stops it as Ctrl-C does. Answers the seconds until ready. */
async function once(
  scene: Scene,
  ports: Ports,
  patience_ms: number,
  before: () => Promise<boolean> = async () => true,
): Promise<number> {
  const began_ms = performance.now();
  let said = '';
  const npm: ChildProcess = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, ...ports, DATA_DIR: scene.dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the signal reaches what npm started, as Ctrl-C at a terminal does.
    detached: true,
  });
  for (const stream of [npm.stdout, npm.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
  const ended = new Promise<void>((resolve) => void npm.once('exit', () => resolve()));
  const runs = (): boolean => npm.exitCode === null && npm.signalCode === null;
  const stop = async (): Promise<void> => {
    if (npm.pid !== undefined && runs()) process.kill(-npm.pid, 'SIGINT');
    await ended;
  };
  scene.onEnd(stop);
  try {
    const left = (): boolean => performance.now() - began_ms < patience_ms;
    while (left() && !(await ready(ports))) {
      if (!runs()) throw new Error(`npm start ended: ${said}`);
      await sleep(5);
    }
    const took_s = (performance.now() - began_ms) / 1_000;
    if (!left()) throw new Error(`npm start is not ready after ${patience_ms} ms: ${said}`);
    while (left() && !(await before())) await sleep(200);
    return took_s;
  } finally {
    await stop();
  }
}

async function ready(ports: Ports): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${ports['PORT']}/health/ready`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.ok === true;
}

/** A build that failed is tried again at each start: the figures are then those of such starts. */
async function built(ports: Ports): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${ports['SANDBOX_DESK_PORT']}/api/state`);
  const { builds } = (await answer.json()) as { builds: { state: string; message: string }[] };
  for (const { state, message } of builds) if (state === 'failed') process.stderr.write(`${message}\n`);
  return builds.every(({ state }) => state === 'ready' || state === 'failed');
}
