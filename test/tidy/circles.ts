/** Groups of files that import one another in a circle, by Tarjan's strongly connected components. */
export function circles(arrows: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const next of arrows.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      // A file that left the stack belongs to a group that is closed already.
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1 || arrows.get(file)?.includes(file)) found.push(group.sort());
  };
  for (const file of arrows.keys()) if (!order.has(file)) visit(file);
  return found;
}
