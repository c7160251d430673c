import { z } from 'zod';
import type { Calls } from './calls.ts';
import { path } from './version.ts';

/** Ends a waiting workflow step (HubSpot docs: custom workflow actions). A step that no longer waits throws Gone. */
export async function completeCallback(
  calls: Calls,
  callbackId: string,
  outputs: Readonly<Record<string, string>>,
): Promise<void> {
  await calls.call({
    method: 'POST',
    path: path('automation/actions/callbacks', callbackId, 'complete'),
    body: { outputFields: outputs, typedOutputs: {} },
    effect: 'write',
    object: 'callbacks',
    count: 1,
    purpose: { lane: 'interactive', what: 'callback' },
    answer: z.unknown(),
  });
}
