import { createHash } from 'node:crypto';

/**
 * A place in an org's stream. Milliseconds since 1970 in the upper bits, so that places are neither contiguous nor exact
 * as a double, and stay ordered when the sandbox is emptied and starts anew.
 */
export type Position = bigint;

const timeShift = 16n;

export function positionAt(time_ms: number): Position {
  return BigInt(time_ms) << timeShift;
}

export function timeOf(position: Position): number {
  return Number(position >> timeShift);
}

/** Ten opaque bytes: the place, and two bytes that bind it to its org, so that an invented or foreign id is found out. */
export function encodeReplayId(orgId: string, position: Position): Buffer {
  const id = Buffer.alloc(10);
  id.writeBigInt64BE(position);
  seal(orgId, id).copy(id, 8);
  return id;
}

/** The place an id stands for; undefined when this org never gave such an id. */
export function decodeReplayId(orgId: string, id: Buffer): Position | undefined {
  if (id.length !== 10 || !seal(orgId, id).equals(id.subarray(8))) return undefined;
  return id.readBigInt64BE();
}

function seal(orgId: string, id: Buffer): Buffer {
  return createHash('sha256').update(orgId).update(id.subarray(0, 8)).digest().subarray(0, 2);
}
