/** An invariant that did not hold: its name in the list of the simulator's README, and what was seen. */
export class Broken extends Error {
  readonly invariant: string;

  constructor(invariant: string, says: string) {
    super(says);
    this.name = 'Broken';
    this.invariant = invariant;
  }
}
