const first = 60;
const last = 68;
const seasons = ['Spring', 'Summer', 'Winter'] as const;

/** v60 is Spring '24; three a year, the winter release named for the year to come. */
function label(version: number): string {
  const since = version - first;
  const season = seasons[since % 3] as (typeof seasons)[number];
  const year = 24 + Math.floor(since / 3) + (season === 'Winter' ? 1 : 0);
  return `${season} '${year}`;
}

/** The answer of `/services/data`. */
export const versionList = Array.from({ length: last - first + 1 }, (_, index) => {
  const version = `${first + index}.0`;
  return { label: label(first + index), url: `/services/data/v${version}`, version };
});

export function isServed(version: string): boolean {
  return versionList.some((one) => one.version === version);
}
