const allowed_ms = 10_000;
const mostTimes = 3;

/**
 * How long the first edit after a blow may take to the other side, on a machine with this load and so many processors: 10 s, and as
 * much longer as the machine has more to do than it can. Three times that at most: what is later was hardly slow but lost, and brought
 * by what comes by itself (the poll every 30 s, HubSpot trying again after a minute), which would hide the loss.
 */
export function nextBatchLimit_ms(load: number, processors: number): number {
  return Math.round(allowed_ms * Math.min(mostTimes, Math.max(1, load / processors)));
}
