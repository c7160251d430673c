import type { EntityTable } from './entity.ts';
import { field, flag, owner, picklist, readOnly, reference, required, systemFields, textarea } from './field.ts';

/** No describe of Task was recorded: from the object reference as remembered. */
export const task: EntityTable = {
  name: 'Task',
  label: 'Task',
  labelPlural: 'Tasks',
  keyPrefix: '00T',
  writeable: true,
  fields: [
    ...systemFields('Activity'),
    reference('WhoId', 'Name ID', ['Contact', 'Lead'], 'Who', {
      childRelationshipName: 'Tasks',
      cascadeDelete: true,
    }),
    reference('WhatId', 'Related To ID', ['Account', 'Opportunity', 'Research_Report__c'], 'What', {
      childRelationshipName: 'Tasks',
      cascadeDelete: true,
    }),
    field('Subject', 'combobox', 'Subject', {
      length: 255,
      nameField: true,
      picklist: ['Call', 'Send Letter', 'Send Quote', 'Other'],
    }),
    field('ActivityDate', 'date', 'Due Date Only'),
    picklist(
      'Status',
      255,
      'Status',
      ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'],
      { ...required, defaultedOnCreate: true, defaultValue: 'Not Started' },
    ),
    picklist('Priority', 255, 'Priority', ['High', 'Normal', 'Low'], {
      ...required,
      defaultedOnCreate: true,
      defaultValue: 'Normal',
    }),
    flag('IsHighPriority', 'High Priority', readOnly),
    owner(),
    textarea('Description', 32_000, 'Description'),
    flag('IsClosed', 'Closed', readOnly),
    field('CompletedDateTime', 'datetime', 'Completed Date', readOnly),
    picklist('TaskSubtype', 40, 'Task Subtype', ['Task', 'Email', 'ListEmail', 'Cadence', 'Call', 'LinkedIn'], {
      updateable: false,
      defaultedOnCreate: true,
      defaultValue: 'Task',
      restrictedPicklist: true,
    }),
  ],
};
