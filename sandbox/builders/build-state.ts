/** How far one build is. `message` is for people; `seconds` is the time since the build began, or took. */
export interface BuildState {
  name: 'card' | 'component';
  state: 'waiting' | 'installing' | 'building' | 'ready' | 'failed';
  message: string;
  seconds: number;
  /** The folder with the built files, once `state` is `ready`. */
  path?: string;
}
