import { PairSupply } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';
import { cards } from './doors/cards.ts';
import { command } from './doors/command.ts';
import { components } from './doors/components.ts';
import { outage } from './doors/outage.ts';
import { secrets } from './doors/secrets.ts';
import { tenancy } from './doors/tenancy.ts';
import { view } from './doors/view.ts';
import { webhooks } from './doors/webhooks.ts';
import { workflowAction } from './doors/workflow-action.ts';

describe('flow: the doors of a running hub', () => {
  const house = useHouse();
  const supply = new PairSupply(house);
  webhooks(house);
  command(house);
  cards(house, supply);
  components(house, supply);
  workflowAction(house, supply);
  view(house, supply);
  tenancy(house);
  secrets(house);
  outage(house, supply);
});
