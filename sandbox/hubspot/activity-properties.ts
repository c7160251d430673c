import { optionsOf, property, type PropertyDefinition } from './property-definition.ts';

const calculated = { readOnlyValue: true, calculated: true } as const;
const html = { fieldType: 'html' } as const;

const common = (group: string): PropertyDefinition[] => [
  property('hs_timestamp', 'datetime', group),
  property('hs_attachment_ids', 'enumeration', group, { fieldType: 'checkbox', externalOptions: true }),
];

export function ofNote(group: string): PropertyDefinition[] {
  return [property('hs_note_body', 'string', group, html), ...common(group)];
}

export function ofTask(group: string): PropertyDefinition[] {
  return [
    property('hs_task_subject', 'string', group),
    property('hs_task_body', 'string', group, html),
    property('hs_task_status', 'enumeration', group, {
      options: optionsOf(['NOT_STARTED', 'IN_PROGRESS', 'WAITING', 'DEFERRED', 'COMPLETED']),
    }),
    property('hs_task_priority', 'enumeration', group, { options: optionsOf(['NONE', 'LOW', 'MEDIUM', 'HIGH']) }),
    property('hs_task_type', 'enumeration', group, { options: optionsOf(['EMAIL', 'CALL', 'TODO', 'LINKED_IN']) }),
    property('hs_task_is_completed', 'bool', group, calculated),
    property('hs_task_completion_date', 'datetime', group, calculated),
    ...common(group),
  ];
}

/** What HubSpot reads out of `hs_email_headers` (HubSpot docs, emails, read only properties). */
const fromHeaders = ['from', 'to', 'cc', 'bcc'].flatMap((end) =>
  ['email', 'firstname', 'lastname'].map((part) => `hs_email_${end}_${part}`),
);

/** HubSpot docs, emails; the message and thread ids are properties of every portal that the guide does not list (from memory). */
export function ofEmail(group: string): PropertyDefinition[] {
  return [
    property('hs_email_subject', 'string', group),
    property('hs_email_text', 'string', group, { fieldType: 'textarea' }),
    property('hs_email_html', 'string', group, html),
    property('hs_email_headers', 'string', group, { fieldType: 'textarea' }),
    property('hs_email_message_id', 'string', group),
    property('hs_email_thread_id', 'string', group),
    property('hs_email_direction', 'enumeration', group, {
      options: optionsOf(['EMAIL', 'INCOMING_EMAIL', 'FORWARDED_EMAIL']),
    }),
    property('hs_email_status', 'enumeration', group, {
      options: optionsOf(['BOUNCED', 'FAILED', 'SCHEDULED', 'SENDING', 'SENT']),
    }),
    ...fromHeaders.map((name) => property(name, 'string', group, calculated)),
    ...common(group),
  ];
}
