import type { End } from './association-store.ts';
import type { AssociationLabel } from './association-types.ts';
import type { ObjectType } from './object-types.ts';
import type { Source } from './record.ts';

interface Base {
  portalId: number;
  at_ms: number;
  source: Source;
}

/** Something that happened in a portal, as the webhook half is told of it. */
export type Change = Base &
  (
    | { kind: 'creation' | 'deletion' | 'restore'; type: ObjectType; id: string }
    | { kind: 'privacyDeletion'; type: ObjectType; id: string }
    | { kind: 'propertyChange'; type: ObjectType; id: string; property: string; value: string }
    | {
        kind: 'merge';
        type: ObjectType;
        /** The primary's. */
        id: string;
        mergedIds: string[];
        /** The record that the merge made. */
        newId: string;
        propertiesMoved: number;
      }
    | {
        kind: 'associationChange';
        type: ObjectType;
        toType: ObjectType;
        from: End;
        to: End;
        label: AssociationLabel;
        primary: boolean;
        removed: boolean;
      }
  );

export type ChangeSink = (change: Change) => void;
