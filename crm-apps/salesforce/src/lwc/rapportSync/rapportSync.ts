import { LightningElement, api } from 'lwc';
import { formatDuration } from 'c/rapportFormat';
import { fill, labels } from 'c/rapportLabels';
import { term } from 'c/rapportTerms';
import type { Sync } from '../../../types/deal-view';

const STATE_CLASSES: Record<Sync['state'], string> = {
  in_sync: 'slds-theme_success',
  behind: '',
  parked: 'slds-theme_warning',
};

/** One line on the last sync and its lag; below it the fields that wait, each with its cause and what helps. */
export default class RapportSync extends LightningElement {
  @api sync!: Sync;

  labels = labels;

  get state(): string {
    return term('sync', this.sync.state);
  }

  get stateClass(): string {
    return STATE_CLASSES[this.sync.state];
  }

  get lag(): string | undefined {
    return this.sync.lag_ms === null ? undefined : fill(labels.lag, formatDuration(this.sync.lag_ms));
  }

  get parked(): { key: number; field: string; cause: string; detail: string; remedy: string }[] {
    return this.sync.parked.map((parked, key) => ({
      ...parked,
      key,
      field: parked.field === '' ? labels.wholeDeal : term('field', parked.field),
      cause: term('cause', parked.cause),
    }));
  }

  get hasParked(): boolean {
    return this.sync.parked.length > 0;
  }
}
