import { h, mustFind } from '../../../kit/browser/dom.ts';
import { Api } from './api.ts';
import { fullName, readDirectory } from './directory.ts';
import { showList } from './list-page.ts';
import { listAddress, place } from './place.ts';
import { showRecord } from './record-page.ts';

const page = mustFind('#page');
mustFind('#to-list').setAttribute('href', listAddress);
try {
  const api = new Api(place.portalId);
  const directory = await readDirectory(api);
  const [user] = directory.owners;
  mustFind('#who').textContent = `${user ? fullName(user) : ''} · Account ${place.portalId}`;
  if (place.dealId) await showRecord(page, api, directory, place.dealId);
  else await showList(page, api, directory);
} catch (error) {
  page.prepend(h('p', { class: 'panel error', role: 'alert' }, (error as Error).message));
}
