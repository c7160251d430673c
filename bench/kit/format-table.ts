import { reaches, type Row } from './row.ts';

const columns = ['name', 'ours', 'floor', 'ratio', 'unit', 'aim'] as const;

/** The rows as a text table, numbers to three digits; the last column says whether the aim is reached. */
export function formatTable(rows: readonly Row[]): string {
  const lines = [[...columns], ...rows.map(cells)];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const numeric = (at: number): boolean => at >= 1 && at <= 3;
  return lines
    .map((line) =>
      line
        .map((text, at) => (numeric(at) ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells(row: Row): string[] {
  const { name, ours, floor, ratio, unit, aim } = row;
  const wanted = aim ? `${aim.of} ${aim.best === 'most' ? '>=' : '<='} ${aim.value}` : '';
  return [
    name,
    digits(ours),
    digits(floor),
    digits(ratio),
    unit,
    aim ? `${wanted}${reaches(row) ? ' ok' : ' MISSED'}` : '',
  ];
}

function digits(value: number | null): string {
  if (value === null) return '-';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
