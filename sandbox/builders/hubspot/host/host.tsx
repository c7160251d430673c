import { createController, createRemoteReceiver, RemoteRenderer } from '@remote-ui/react/host';
import { createEndpoint, fromWebWorker, retain } from '@remote-ui/rpc';
import { createRoot } from 'react-dom/client';
import { hostComponents } from './host-components.ts';
import type { CardWorker } from './protocol.ts';

globalThis.mountCard = async (target, workerUrl, setting, actions) => {
  const receiver = createRemoteReceiver();
  createRoot(target).render(<RemoteRenderer receiver={receiver} controller={createController(hostComponents)} />);
  const worker = createEndpoint<CardWorker>(fromWebWorker(new Worker(workerUrl)));
  await worker.call.run(receiver.receive, setting, {
    ...actions,
    onCrmPropertiesUpdate: (properties, callback) => {
      // Called for as long as the card lives, not only during this call.
      retain(callback);
      actions.onCrmPropertiesUpdate(properties, callback);
    },
  });
};
