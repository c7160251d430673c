/** One measured figure beside its floor of the same run. */
export interface Row {
  name: string;
  ours: number;
  /** What the same machine does, in the same run, with nothing of ours between; null where the figure is a count. */
  floor: number | null;
  /** ours / floor; null without a floor. */
  ratio: number | null;
  unit: string;
  /** The figure to reach; `best` says in which direction. */
  aim: Aim | null;
}

export interface Aim {
  of: 'ours' | 'ratio';
  value: number;
  best: 'most' | 'least';
}

/** Builds a row; the ratio follows from the two figures. */
export function row(name: string, unit: string, figures: { ours: number; floor: number | null; aim?: Aim }): Row {
  const { ours, floor, aim = null } = figures;
  return { name, ours, floor, ratio: floor === null || floor === 0 ? null : ours / floor, unit, aim };
}

/** Whether the row reaches its aim; undefined without one. */
export function reaches({ ours, ratio, aim }: Row): boolean | undefined {
  if (!aim) return undefined;
  const figure = aim.of === 'ours' ? ours : ratio;
  if (figure === null) return false;
  return aim.best === 'most' ? figure >= aim.value : figure <= aim.value;
}
