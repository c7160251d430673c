/** A mistake put into the engine, so that it is seen whether the simulator finds it. */
export interface PlantedBug {
  /** What the engine does wrong. */
  name: string;
  /** Relative to the repository. */
  file: string;
  /** Stands exactly once in the file. */
  find: string;
  replace: string;
}

/** The source with the bug in it. Throws when the place is not there, or not one: the list must follow the engine. */
export function withBug(bug: PlantedBug, source: string): string {
  const parts = source.split(bug.find);
  if (parts.length !== 2)
    throw new Error(
      `"${bug.name}" applies to ${parts.length - 1} places of ${bug.file} instead of one: change its \`find\`.`,
    );
  return parts.join(bug.replace);
}
