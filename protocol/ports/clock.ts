/** Time as a port: a seed replays a failure. */
export interface Clock {
  now_ms(): number;
  sleep(duration_ms: number, signal?: AbortSignal): Promise<void>;
}
