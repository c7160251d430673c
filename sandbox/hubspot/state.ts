import type { VendorContext } from '../kit/vendor.ts';
import { AssociationLabels } from './association-labels.ts';
import { AssociationStore } from './association-store.ts';
import { AssociationWriter } from './association-writer.ts';
import type { ChangeSink } from './change.ts';
import { findType } from './object-types.ts';
import { PortalStore } from './portal-store.ts';
import type { Project } from './project.ts';
import { PropertyGroupStore } from './property-group-store.ts';
import { PropertyStore } from './property-store.ts';
import { RecordStore } from './record-store.ts';
import { RecordWriter } from './record-writer.ts';
import { SearchIndex } from './search-index.ts';
import { TokenStore } from './token-store.ts';

/** Everything the stand-in knows, wired together once. */
export interface HubspotState {
  context: VendorContext;
  project: Project | undefined;
  portals: PortalStore;
  properties: PropertyStore;
  groups: PropertyGroupStore;
  records: RecordStore;
  associations: AssociationStore;
  labels: AssociationLabels;
  tokens: TokenStore;
  index: SearchIndex;
  write: RecordWriter;
  associate: AssociationWriter;
  /** Builds all indexes anew from the storage. */
  reload(): void;
}

/** `publish` is told of every change. */
export function createState(context: VendorContext, project: Project | undefined, publish: ChangeSink): HubspotState {
  const { storage, clock, faults } = context;
  const portals = new PortalStore(storage);
  const properties = new PropertyStore(storage, portals);
  const groups = new PropertyGroupStore(storage);
  const records = new RecordStore(storage, (portalId, typeId) => {
    const type = findType(portals.types(portalId), typeId);
    return type ? properties.unique(portalId, type) : [];
  });
  const associations = new AssociationStore(storage);
  const labels = new AssociationLabels(storage);
  const tokens = new TokenStore(storage, () => clock.now_ms());
  const index = new SearchIndex(() => clock.now_ms());
  const parts = { clock, faults, portals, properties, records, associations, labels, index, publish };
  const write = new RecordWriter(parts);
  const associate = new AssociationWriter(parts);
  const reload = (): void => {
    portals.forget();
    properties.forget();
    index.forget();
    records.rebuild();
    associations.rebuild();
  };
  reload();
  return {
    context,
    project,
    portals,
    properties,
    groups,
    records,
    associations,
    labels,
    tokens,
    index,
    write,
    associate,
    reload,
  };
}
