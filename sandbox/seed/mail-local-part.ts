/** A name as the part of an e-mail address before the @: `Søren` -> `soren`. */
export function mailLocalPart(name: string): string {
  const plain = name
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .normalize('NFD')
    .replaceAll(/[^A-Za-z-]/g, '');
  return plain.toLowerCase();
}
