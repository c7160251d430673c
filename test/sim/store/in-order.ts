/** Sorts the rows in place, by the first of these values that differs. Texts by their code units. */
export function inOrder<Row>(rows: Row[], ...by: readonly ((row: Row) => string | number)[]): Row[] {
  return rows.sort((a, b) => {
    for (const of of by) {
      const [x, y] = [of(a), of(b)];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  });
}
