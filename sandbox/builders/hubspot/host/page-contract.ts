export type PropertiesCallback = (properties: Record<string, string>, error?: { message: string }) => void;

/** What the page offers a card; functions cross the worker's border as calls. */
export interface PageActions {
  addAlert(alert: { type?: string; title?: string; message: string }): void;
  refreshObjectProperties(): void;
  /** Calls back with the named properties' values whenever the page shows another value of one of them. */
  onCrmPropertiesUpdate(properties: string[] | '*', callback: PropertiesCallback): void;
  reloadPage(): void;
  copyTextToClipboard(text: string): Promise<void>;
}

/** Where and for whom a card is shown, in HubSpot's own shape. */
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

declare global {
  /** Set by the built `host.js`: runs the card in a worker and shows it in `target`. Rejects when it could not start. */
  var mountCard: (target: HTMLElement, workerUrl: string, setting: CardSetting, actions: PageActions) => Promise<void>;
}
