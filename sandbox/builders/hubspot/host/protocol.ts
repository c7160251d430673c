import type { RemoteChannel } from '@remote-ui/core';
import type { CardSetting, PageActions } from './page-contract.ts';

/** The worker's one call: run the card and send what it renders through the channel. */
export interface CardWorker {
  run(channel: RemoteChannel, setting: CardSetting, actions: PageActions): Promise<void>;
}
