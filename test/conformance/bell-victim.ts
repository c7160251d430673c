import { openBell } from '../../hub/queue.ts';

// A worker that takes a ring, says so, and never ends: the bell's suite kills it.
const nothing = (): void => undefined;
const bell = await openBell({ url: process.argv[2] ?? '', log: { info: nothing, warn: nothing, error: nothing } });
bell.work('observe', 1, async () => {
  process.stdout.write('taken\n');
  await new Promise(() => setInterval(nothing, 1_000));
});
process.stdout.write('ready\n');
