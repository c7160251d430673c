import type { Author } from './nouns.ts';

/** Who did something, as the audit names them: `person:<vendor user id>`, `automation`, ... Not known is `unknown`. */
export function actorName(author: Author | undefined): string {
  const { kind, userId } = author ?? { kind: 'unknown', userId: null };
  return userId === null ? kind : `${kind}:${userId}`;
}
