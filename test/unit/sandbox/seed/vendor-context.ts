import { Clock } from '../../../../sandbox/kit/clock.ts';
import { Faults } from '../../../../sandbox/kit/faults.ts';
import { Storage } from '../../../../sandbox/kit/storage.ts';
import type { VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { generateWorld } from '../../../../sandbox/seed/generate-world.ts';

/** A vendor's context on a free port, in memory, with the world of seed 1 on a fixed day. */
export function vendorContext(): VendorContext {
  return {
    port: 0,
    host: '127.0.0.1',
    storage: new Storage(':memory:'),
    clock: new Clock(),
    faults: new Faults(),
    world: generateWorld(1, new Date('2026-11-22T00:00:00Z')),
    hubUrl: 'http://127.0.0.1:1',
  };
}
