import type { EntityTable } from './entity.ts';
import { field, flag, picklist, readOnly, reference, required, systemFields, text, textarea } from './field.ts';

const fixed = { updateable: false } as const;

/**
 * An e-mail as Enhanced Email keeps it. No describe of it was recorded: names, lengths and access are from the object reference as
 * remembered; the child lists `Emails` and `EmailMessageRelations` are in the recorded describes of Account, Contact and Lead.
 */
export const emailMessage: EntityTable = {
  name: 'EmailMessage',
  label: 'Email Message',
  labelPlural: 'Email Messages',
  keyPrefix: '02s',
  writeable: true,
  fields: [
    ...systemFields('Email Message'),
    reference('ActivityId', 'Activity ID', ['Task'], 'Activity', { ...fixed, childRelationshipName: 'EmailMessages' }),
    textarea('TextBody', 32_000, 'Text Body'),
    textarea('HtmlBody', 32_000, 'HTML Body'),
    textarea('Headers', 32_000, 'Headers'),
    text('Subject', 3000, 'Subject', { nameField: true }),
    text('FromName', 1000, 'From Name'),
    field('FromAddress', 'email', 'From Address', { length: 1000 }),
    text('ToAddress', 4000, 'To Address'),
    text('CcAddress', 4000, 'CC Address'),
    text('BccAddress', 4000, 'BCC Address'),
    flag('Incoming', 'Is Incoming', fixed),
    flag('HasAttachment', 'Has Attachment', readOnly),
    picklist('Status', 40, 'Status', ['0', '1', '2', '3', '4', '5'], {
      ...required,
      defaultedOnCreate: true,
      defaultValue: '0',
      restrictedPicklist: true,
    }),
    field('MessageDate', 'datetime', 'Message Date'),
    flag('IsExternallyVisible', 'Is Externally Visible'),
    text('MessageIdentifier', 765, 'Message ID'),
    text('ThreadIdentifier', 765, 'Thread ID'),
    flag('IsClientManaged', 'Is Client Managed'),
    reference('RelatedToId', 'Related To ID', ['Account', 'Opportunity'], 'RelatedTo', {
      childRelationshipName: 'Emails',
    }),
  ],
};

/** Who an e-mail is from and to, as far as they are records; also from memory. */
export const emailMessageRelation: EntityTable = {
  name: 'EmailMessageRelation',
  label: 'Email Message Relation',
  labelPlural: 'Email Message Relations',
  keyPrefix: '0CZ',
  writeable: true,
  fields: [
    ...systemFields('Email Message Relation'),
    reference('EmailMessageId', 'Email Message ID', ['EmailMessage'], 'EmailMessage', {
      ...required,
      ...fixed,
      childRelationshipName: 'EmailMessageRelations',
      cascadeDelete: true,
    }),
    reference('RelationId', 'Relation ID', ['Contact', 'Lead', 'User'], 'Relation', {
      ...fixed,
      childRelationshipName: 'EmailMessageRelations',
      cascadeDelete: true,
    }),
    picklist(
      'RelationType',
      40,
      'Relation Type',
      ['ToAddress', 'CcAddress', 'BccAddress', 'FromAddress', 'OtherAddress'],
      { ...required, ...fixed, restrictedPicklist: true },
    ),
    text('RelationAddress', 4000, 'Relation Address', fixed),
  ],
};
