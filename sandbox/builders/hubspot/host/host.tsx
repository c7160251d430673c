import { createController, createRemoteReceiver, RemoteRenderer } from '@remote-ui/react/host';
import { createEndpoint, fromWebWorker } from '@remote-ui/rpc';
import { createRoot } from 'react-dom/client';
import { hostComponents } from './host-components.ts';
import type { CardSetting, CardWorker, PageActions } from './protocol.ts';

declare global {
  /** The page's own script calls it once the bundle is there. */
  var mountCard: (target: HTMLElement, workerUrl: string, setting: CardSetting, actions: PageActions) => Promise<void>;
}

/** Runs the card in a worker and shows what it renders in `target`. Rejects when the card could not start. */
globalThis.mountCard = async (target, workerUrl, setting, actions) => {
  const receiver = createRemoteReceiver();
  createRoot(target).render(<RemoteRenderer receiver={receiver} controller={createController(hostComponents)} />);
  const worker = createEndpoint<CardWorker>(fromWebWorker(new Worker(workerUrl)));
  await worker.call.run(receiver.receive, setting, actions);
};
