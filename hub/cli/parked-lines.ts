import type { ParkedShown } from '../view/parked-list.ts';

/** What waits as people read it. What waits for a row or record stands once under it, whether that waits itself or not. */
export function parkedLines(tenant: string, entries: readonly ParkedShown[]): string[] {
  const waiting = Map.groupBy(
    entries.filter(({ waitsFor }) => waitsFor !== null),
    parentKey,
  );
  const heads = entries.filter(({ waitsFor }) => waitsFor === null);
  const under = (head: ParkedShown): string[] => {
    const key = rowKey(head.installationId, head.object, head.externalId ?? '');
    const children = waiting.get(key) ?? [];
    waiting.delete(key);
    return children.length === 0 ? [] : [`  ${counted(children.length)} for it:`, ...children.map(childLine)];
  };
  return [
    ...heads.flatMap((head) => [...headLines(tenant, head), ...under(head)]),
    ...[...waiting.values()].flatMap((children) => [...parentLines(children), ...children.map(childLine)]),
  ];
}

function headLines(tenant: string, entry: ParkedShown): string[] {
  const { id, installationId, field, cause, detail, remedy, candidates, canRetry } = entry;
  const why =
    candidates.length > 0 ? `It may be ${candidates.map((one) => JSON.stringify(one)).join(' or ')}.` : detail;
  return [
    `${[installationId, rowName(entry), field].filter(Boolean).join(' ')}: ${cause}`,
    `  ${[why, remedy].filter(Boolean).join(' ')}`,
    ...(canRetry ? [`  Try it again with \`rapport parked ${tenant} --retry ${id}\`.`] : []),
  ];
}

/** What is not in the list itself is not known yet, or not there yet. */
function parentLines(children: readonly ParkedShown[]): string[] {
  const [first] = children;
  if (!first?.waitsFor) return [];
  const { installationId, remedy } = first;
  const { object, id, name } = first.waitsFor;
  const parent = [object, name === null ? id : JSON.stringify(name)].join(' ');
  return [`${installationId} ${parent}: ${counted(children.length)} for it`, `  ${remedy}`];
}

function childLine(entry: ParkedShown): string {
  return `    ${[rowName(entry), entry.field && `(${entry.field})`].filter(Boolean).join(' ')}`;
}

/** `deals 103 "Northwind: licence"` */
function rowName({ object, externalId, name }: ParkedShown): string {
  return [object, externalId ?? '(to be created)', name === null ? '' : JSON.stringify(name)].filter(Boolean).join(' ');
}

function counted(count: number): string {
  return count === 1 ? '1 row waits' : `${count} rows wait`;
}

function parentKey({ installationId, waitsFor }: ParkedShown): string {
  return rowKey(installationId, waitsFor?.object ?? '', waitsFor?.id ?? '');
}

function rowKey(...names: [installationId: string, object: string, id: string]): string {
  return JSON.stringify(names);
}
