import { LightningElement, api, wire } from 'lwc';
import { getRecord, notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import getDeal from '@salesforce/apex/RapportDealController.getDeal';
import startResearch from '@salesforce/apex/RapportDealController.startResearch';
import { labels } from 'c/rapportLabels';
import { Poll } from 'c/rapportPoll';
import type { DealAnswer, DealView } from '../../../types/deal-view';

const BUSY_PAUSE_MS = 2_000;
const IDLE_PAUSE_MS = 30_000;
/** A saved field reaches the hub as an event shortly after the page knows of it. */
const AFTER_SAVE_PAUSE_MS = 1_000;

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

  private poll = new Poll(() => this.load(), document);
  /** Kept until the hub has answered, so that a click repeated after a failure starts nothing twice. */
  private clickId: string | undefined;
  private lastSeenChange: unknown;

  connectedCallback(): void {
    this.poll.start();
  }

  disconnectedCallback(): void {
    this.poll.stop();
  }

  @wire(getRecord, { recordId: '$recordId', fields: ['Opportunity.LastModifiedDate'] })
  recordChanged({ data }: { data?: { fields: Record<string, { value: unknown }> } }): void {
    const change = data?.fields['LastModifiedDate']?.value;
    if (change === undefined || change === this.lastSeenChange) return;
    if (this.lastSeenChange !== undefined) this.poll.after(AFTER_SAVE_PAUSE_MS);
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
      this.poll.after(BUSY_PAUSE_MS);
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
    return this.runUnfinished ? BUSY_PAUSE_MS : IDLE_PAUSE_MS;
  }

  private accept(answer: unknown): void {
    const wasUnfinished = this.runUnfinished;
    this.answer = answer as DealAnswer;
    this.failed = false;
    // The report and its summary were written on the server: let the rest of the page read them.
    if (wasUnfinished && !this.runUnfinished && this.recordId) {
      void notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
    }
  }

  private get runUnfinished(): boolean {
    const state = this.view?.run?.state;
    return state === 'queued' || state === 'running' || state === 'waiting';
  }
}
