import type { RemoteChannel } from '@remote-ui/core';

/** What the page offers a card; functions cross the worker's border as calls. */
export interface PageActions {
  addAlert(alert: { type?: string; title?: string; message: string }): void;
  refreshObjectProperties(): void;
  reloadPage(): void;
  copyTextToClipboard(text: string): Promise<void>;
}

/** Where and for whom a card is shown, in HubSpot's own shape, and what it may ask of the page. */
export interface CardSetting {
  cardUrl: string;
  context: {
    location: 'crm.record.tab';
    user: { id: number; email: string; emails: string[]; firstName: string; lastName: string; locale: string };
    portal: { id: number; timezone: string };
    crm: { objectId: number; objectTypeId: string };
    extension: { appId: number; appName: string; cardTitle: string };
    variables: Record<string, string>;
  };
}

/** The worker's one call: run the card and send what it renders through the channel. */
export interface CardWorker {
  run(channel: RemoteChannel, setting: CardSetting, actions: PageActions): Promise<void>;
}
