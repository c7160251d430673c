import { hubspot } from '@hubspot/ui-extensions';
import { createHubApi } from './api/hub-api.ts';
import { ConfiguredCard } from './components/ConfiguredCard.tsx';
import { TextsContext } from './contexts/texts-context.ts';
import { createTexts } from './format/texts.ts';

hubspot.extend<'crm.record.tab'>(({ context, actions }) => {
  const { user, crm, variables } = context;
  const texts = createTexts(user.locale ?? user.language);
  const hubUrl = variables?.['HUB_URL'];
  return (
    <TextsContext.Provider value={texts}>
      <ConfiguredCard
        api={typeof hubUrl === 'string' && hubUrl !== '' ? createHubApi(hubUrl) : null}
        objectId={String(crm.objectId)}
        addAlert={actions.addAlert}
        refreshObjectProperties={actions.refreshObjectProperties}
        onCrmPropertiesUpdate={actions.onCrmPropertiesUpdate}
      />
    </TextsContext.Provider>
  );
});
