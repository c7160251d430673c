const LONGEST_MS = 1_000;

export interface HubState {
  state: 'ready' | 'starting' | 'down';
}

/** Asks the hub whether the main job can run: 2xx is ready, another answer is starting, none is down. */
export async function readHubState(hubUrl: string): Promise<HubState> {
  try {
    const response = await fetch(`${hubUrl}/health/ready`, { signal: AbortSignal.timeout(LONGEST_MS) });
    await response.body?.cancel();
    return { state: response.ok ? 'ready' : 'starting' };
  } catch {
    return { state: 'down' };
  }
}
