import { LightningElement, api } from 'lwc';
import { fill, labels } from 'c/rapportLabels';
import { term } from 'c/rapportTerms';
import type { Run } from '../../../types/deal-view';

const STATE_CLASSES: Partial<Record<Run['state'], string>> = {
  succeeded: 'slds-theme_success',
  failed: 'slds-theme_error',
};

/** The newest research run: its state, its progress while it is under way, why it waits, its error if it failed. */
export default class RapportRun extends LightningElement {
  @api run: Run | null = null;

  labels = labels;

  get state(): string {
    return this.run ? term('run', this.run.state) : '';
  }

  get stateClass(): string {
    return (this.run && STATE_CLASSES[this.run.state]) ?? '';
  }

  get underWay(): boolean {
    return this.run !== null && ['queued', 'running'].includes(this.run.state);
  }

  get held(): boolean {
    return this.run?.state === 'waiting';
  }

  /** The badge says all but a step; the status is kept for screen readers, as a live region must outlive its change. */
  get statusClass(): string {
    return this.run?.state === 'running' ? 'slds-m-bottom_xx-small' : 'slds-assistive-text';
  }

  get percent(): number {
    const { done, total } = this.run?.progress ?? { done: 0, total: 0 };
    return total > 0 ? Math.round((done / total) * 100) : 0;
  }

  /** Read aloud when it changes: the state, and while the run works the step it is in. */
  get status(): string {
    if (this.run?.state !== 'running' || this.run.progress.total === 0) return this.state;
    const { current, total, step } = this.run.progress;
    return fill(labels.progress, current, total, term('step', step));
  }
}
