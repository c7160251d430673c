/** Calls to vendors so far, by what they were for. */
export type VendorCalls = Readonly<Record<string, number>>;

const line = /^rapport_vendor_calls_total\{(?<labels>[^}]*)\} (?<count>\d+(?:\.\d+)?)$/;

/** Sums `rapport_vendor_calls_total` of a Prometheus text by its label `purpose`. */
export function vendorCalls(metrics: string): VendorCalls {
  const calls: Record<string, number> = {};
  for (const text of metrics.split('\n')) {
    const { labels = '', count } = line.exec(text)?.groups ?? {};
    if (count === undefined) continue;
    const purpose = /purpose="([^"]*)"/.exec(labels)?.[1] ?? '';
    calls[purpose] = (calls[purpose] ?? 0) + Number(count);
  }
  return calls;
}

/** What was called between two readings. */
export function callsBetween(before: VendorCalls, after: VendorCalls): VendorCalls {
  return Object.fromEntries(Object.entries(after).map(([purpose, count]) => [purpose, count - (before[purpose] ?? 0)]));
}
