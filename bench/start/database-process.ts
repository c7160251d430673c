import { startPostgres } from '../../scripts/postgres/launch.ts';

/** The floor of a start: Node and the embedded database, alone. */
const database = await startPostgres({ dataDir: process.env['DATA_DIR'] ?? '' });
const stop = (): void => void database.stop().finally(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('disconnect', stop);
process.send?.({ ready: true });
