import type { ObjectType } from './object-types.ts';

export interface AssociationLabel {
  category: 'HUBSPOT_DEFINED' | 'USER_DEFINED';
  typeId: number;
}

/** What may lie between two kinds of object, in one direction. */
export interface AssociationRule {
  /** The unlabelled type, always present on an associated pair. */
  plain: AssociationLabel;
  /** The type that marks the one primary company. */
  primary?: AssociationLabel;
}

const defined = (typeId: number): AssociationLabel => ({ category: 'HUBSPOT_DEFINED', typeId });

/**
 * HubSpot docs, "Association type ID values". Keys are `from/to` type ids. A pair has one id per direction.
 */
const rules: Record<string, AssociationRule> = {
  '0-1/0-1': { plain: defined(449) },
  '0-1/0-2': { plain: defined(279), primary: defined(1) },
  '0-2/0-1': { plain: defined(280), primary: defined(2) },
  '0-1/0-3': { plain: defined(4) },
  '0-3/0-1': { plain: defined(3) },
  '0-2/0-2': { plain: defined(450) },
  '0-2/0-3': { plain: defined(342), primary: defined(6) },
  '0-3/0-2': { plain: defined(341), primary: defined(5) },
  '0-3/0-3': { plain: defined(451) },
  '0-1/0-46': { plain: defined(201) },
  '0-46/0-1': { plain: defined(202) },
  '0-2/0-46': { plain: defined(189) },
  '0-46/0-2': { plain: defined(190) },
  '0-3/0-46': { plain: defined(213) },
  '0-46/0-3': { plain: defined(214) },
  '0-1/0-27': { plain: defined(203) },
  '0-27/0-1': { plain: defined(204) },
  '0-2/0-27': { plain: defined(191) },
  '0-27/0-2': { plain: defined(192) },
  '0-3/0-27': { plain: defined(215) },
  '0-27/0-3': { plain: defined(216) },
  '0-1/0-49': { plain: defined(197) },
  '0-49/0-1': { plain: defined(198) },
  '0-2/0-49': { plain: defined(185) },
  '0-49/0-2': { plain: defined(186) },
  '0-3/0-49': { plain: defined(209) },
  '0-49/0-3': { plain: defined(210) },
};

/** A custom object's types are numbered by the portal that made it; these are ours for the test portal. */
const customBase: Record<string, number> = { '0-1': 31, '0-2': 33, '0-3': 35, '0-46': 37, '0-27': 39, '0-49': 41 };

/** The rule between two kinds, or undefined where HubSpot has no association. */
export function associationRule(from: ObjectType, to: ObjectType): AssociationRule | undefined {
  if (from.custom === to.custom) return rules[`${from.typeId}/${to.typeId}`];
  const base = customBase[from.custom ? to.typeId : from.typeId];
  if (base === undefined) return undefined;
  return { plain: { category: 'USER_DEFINED', typeId: from.custom ? base : base + 1 } };
}

/** The same label seen from the other end. */
export function inverse(label: AssociationLabel, from: ObjectType, to: ObjectType): AssociationLabel {
  const forward = associationRule(from, to);
  const backward = associationRule(to, from);
  if (!forward || !backward) throw new RangeError(`no association between ${from.name} and ${to.name}`);
  return forward.primary?.typeId === label.typeId && backward.primary ? backward.primary : backward.plain;
}

/** `deal_to_company` for the primary type, `deal_to_company_unlabeled` beside it; pairs without a primary have the short name. */
export function associationName(label: AssociationLabel, from: ObjectType, to: ObjectType): string {
  const name = `${from.singular}_to_${to.singular}`;
  const rule = associationRule(from, to);
  return rule?.primary && rule.plain.typeId === label.typeId ? `${name}_unlabeled` : name;
}
