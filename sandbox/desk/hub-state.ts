const LONGEST_MS = 1_000;

export interface HubState {
  state: 'ready' | 'starting' | 'down';
}

/** The hub starts beside the desk; one that takes longer to be heard of is not on its way. */
const LONGEST_START_MS = 12_000;

/** Tells how the hub is; one that has not been heard of yet is starting, for some seconds from now on. */
export function hubWatch(hubUrl: string): () => Promise<HubState> {
  let heard = false;
  const since_ms = performance.now();
  return async () => {
    const now = await readHubState(hubUrl);
    heard ||= now.state !== 'down';
    return heard || performance.now() - since_ms > LONGEST_START_MS ? now : { state: 'starting' };
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
