const LONGEST_MS = 1_000;

export interface HubState {
  state: 'ready' | 'starting' | 'down';
}

/** A hub that takes longer to be heard of is not on its way. */
const LONGEST_START_MS = 60_000;

/** Tells how the hub is; one that has not been heard of yet is starting, for a minute from the first question. */
export function hubWatch(hubUrl: string): () => Promise<HubState> {
  let heard = false;
  let askedFirst_ms: number | undefined;
  return async () => {
    askedFirst_ms ??= Date.now();
    const now = await readHubState(hubUrl);
    heard ||= now.state !== 'down';
    return heard || Date.now() - askedFirst_ms > LONGEST_START_MS ? now : { state: 'starting' };
  };
}

/** Asks the hub whether the main job can run: 2xx is ready, another answer is starting, none is down. */
async function readHubState(hubUrl: string): Promise<HubState> {
  try {
    const response = await fetch(`${hubUrl}/health/ready`, { signal: AbortSignal.timeout(LONGEST_MS) });
    await response.body?.cancel();
    return { state: response.ok ? 'ready' : 'starting' };
  } catch {
    return { state: 'down' };
  }
}
