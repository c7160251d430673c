import { LightningElement, api, wire } from 'lwc';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import getDeal from '@salesforce/apex/RapportDealController.getDeal';
import startResearch from '@salesforce/apex/RapportDealController.startResearch';
import { labels } from 'c/rapportLabels';
import { Pace, runUnfinished } from 'c/rapportPace';
import { Poll } from 'c/rapportPoll';
import type { DealAnswer, DealView } from '../../../types/deal-view';

const NOTICES: Record<Exclude<DealAnswer['status'], 'ok'>, string> = {
  not_connected: labels.notConnected,
  not_synced: labels.notSynced,
  no_permission: labels.noPermission,
};

/** What Rapport knows of the opportunity on this page, and the button that starts research on it. */
export default class RapportDeal extends LightningElement {
  @api recordId: string | undefined;

  labels = labels;
  answer: DealAnswer | undefined;
  failed = false;
  starting = false;

  private pace = new Pace();
  private poll = new Poll(() => this.load(), document);
  /** Kept until the hub has answered, so that a click repeated after a failure starts nothing twice. */
  private clickId: string | undefined;
  private lastSeenChange: string | undefined;

  connectedCallback(): void {
    this.poll.start();
  }

  disconnectedCallback(): void {
    this.poll.stop();
  }

  @wire(getRecord, { recordId: '$recordId', fields: ['Opportunity.LastModifiedDate', 'Opportunity.StageName'] })
  recordChanged({ data }: { data?: { fields: Record<string, { value: unknown }> } }): void {
    if (!data) return;
    // The stage too: two changes within the stamp's whole second have one stamp.
    const change = JSON.stringify([data.fields['LastModifiedDate']?.value, data.fields['StageName']?.value]);
    if (change === this.lastSeenChange) return;
    if (this.lastSeenChange !== undefined) this.poll.after(this.pace.afterChange());
    this.lastSeenChange = change;
  }

  get view(): DealView | undefined {
    return this.answer?.status === 'ok' ? this.answer.view : undefined;
  }

  get notice(): string | undefined {
    return this.answer && this.answer.status !== 'ok' ? NOTICES[this.answer.status] : undefined;
  }

  get loading(): boolean {
    return !this.answer && !this.failed;
  }

  get researchDisabled(): boolean {
    return this.starting || !this.view?.canStartResearch;
  }

  get researchRefused(): string | undefined {
    return this.view?.researchRefused === 'observing' ? labels.observing : undefined;
  }

  get startLabel(): string {
    return this.starting ? labels.starting : labels.startResearch;
  }

  retry(): void {
    void this.poll.now();
  }

  async research(): Promise<void> {
    this.clickId ??= crypto.randomUUID();
    this.starting = true;
    try {
      this.accept(await startResearch({ recordId: this.recordId, clickId: this.clickId }));
      this.clickId = undefined;
      this.poll.after(this.pace.after(this.answer));
    } catch {
      this.dispatchEvent(new ShowToastEvent({ title: labels.unreachable, variant: 'error' }));
    } finally {
      this.starting = false;
    }
  }

  private async load(): Promise<number> {
    try {
      this.accept(await getDeal({ recordId: this.recordId }));
    } catch {
      this.failed = true;
    }
    return this.pace.after(this.failed ? undefined : this.answer);
  }

  private accept(answer: unknown): void {
    const before = this.view;
    const wasUnfinished = runUnfinished(this.answer);
    this.answer = answer as DealAnswer;
    this.failed = false;
    const synced = before && this.view && before.sync.lastSyncedAt !== this.view.sync.lastSyncedAt;
    // Written on the server: let the rest of the page read it.
    if (this.recordId && (synced || (wasUnfinished && !runUnfinished(this.answer)))) {
      void notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
    }
  }
}
