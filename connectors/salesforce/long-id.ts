const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** An id of 15 characters as the 18 that all answers have: three more say which letters are capitals (REST API guide: ids). */
export function longId(id: string): string {
  const marks = [0, 5, 10].map((start) => {
    const capitals = Array.from({ length: 5 }, (_, place) => id.charAt(start + place)).map((letter, place) =>
      /[A-Z]/.test(letter) ? 2 ** place : 0,
    );
    return alphabet[capitals.reduce((sum, bit) => sum + bit, 0)];
  });
  return id + marks.join('');
}
