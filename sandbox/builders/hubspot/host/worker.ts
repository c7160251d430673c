import { createRemoteRoot } from '@remote-ui/core';
import * as RemoteUI from '@remote-ui/react';
import { createEndpoint, retain, type MessageEndpoint } from '@remote-ui/rpc';
import * as React from 'react';
import { hubspotFetch } from './hubspot-fetch.ts';
import type { CardSetting, PageActions } from './page-contract.ts';
import type { CardWorker } from './protocol.ts';

type Callback = (api: { context: CardSetting['context']; actions: PageActions }) => React.ReactElement;

const worker = self as unknown as MessageEndpoint & Record<string, unknown> & { importScripts(url: string): void };
const notOffered = (name: string) => (): never => {
  throw new Error(`The stand-in of HubSpot does not offer ${name}`);
};

/** Runs the unmodified bundle in a worker without a document, with the globals that HubSpot's bundler leaves open. */
const run: CardWorker['run'] = async (channel, setting, actions) => {
  retain(channel);
  retain(actions);
  const { context } = setting;
  const registered = new Promise<Callback>((resolve) => {
    worker['extend_V2'] = resolve;
  });
  Object.assign(worker, {
    React,
    RemoteUI,
    __HUBSPOT_EXTENSION_WORKER__: true,
    logger: console,
    hsFetch: hubspotFetch(context.portal.id, { id: context.user.id, email: context.user.email }),
    hsWorkerAPI: {
      useExtensionContext: () => context,
      useExtensionActions: () => actions,
      useExtensionApi: () => ({ context, actions }),
      fetchCrmProperties: notOffered('useCrmProperties'),
      fetchAssociations: notOffered('useAssociations'),
    },
  });
  worker.importScripts(setting.cardUrl);
  const render = await registered;
  const root = createRemoteRoot(channel);
  await new Promise<void>((resolve) => {
    RemoteUI.render(render({ context, actions }), root, resolve);
  });
  await root.mount();
};

createEndpoint(worker).expose({ run });
