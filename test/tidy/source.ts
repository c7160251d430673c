/** What the house rules need to know of one TypeScript file. */
export interface Source {
  /** From the repository's root, with `/`. */
  path: string;
  imports: Import[];
  exports: Export[];
  /** Nothing in the file but imports and what it passes on from elsewhere. */
  isBarrel: boolean;
  /** Reaches for the world outside the arguments: the clock, chance, timers, the network, the environment. */
  effects: Effect[];
  /** `async` or `await` occurs. */
  isAsync: boolean;
  /** `describe.only` and its like. */
  narrowed: string[];
  /** Every string in the code. A file that is loaded by its name, not imported, is named in one. */
  strings: Set<string>;
  /** How often each name occurs. */
  names: Map<string, number>;
}

export interface Import {
  specifier: string;
  /** The file's path where it is one of ours; undefined for a package. */
  target: string | undefined;
  /** `*` where all is taken. */
  names: string[];
  typeOnly: boolean;
}

export interface Export {
  name: string;
  /** An interface or a type alias. */
  isType: boolean;
}

export interface Effect {
  kind: 'clock' | 'chance' | 'timer' | 'network' | 'environment';
  /** As written, with the line. */
  text: string;
}
