import { ApiError } from '../api-error.ts';
import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import { followUp } from './follow-up.ts';
import { eventFields } from './patch.ts';
import type { Input } from './read-input.ts';

const draft = '5';

/**
 * What is no draft cannot be edited, but for IsExternallyVisible, custom fields and the step from New to Read.
 * Source: object reference, EmailMessage, special access rules; the error code is from memory.
 */
export function refuseSentEmail(row: Row, input: Input): void {
  if (row['Status'] === draft) return;
  const refused = [...input].filter(([field, value]) => {
    const reads = field.name === 'Status' && row['Status'] === '0' && value === '1';
    return !field.custom && field.name !== 'IsExternallyVisible' && !reads;
  });
  if (refused.length === 0) return;
  const names = refused.map(([field]) => field.name);
  const message = 'Only emails in draft status can be edited';
  throw new ApiError(400, 'INSUFFICIENT_ACCESS_OR_READONLY', message, names);
}

/**
 * Enhanced Email files a closed Task beside each e-mail that is no draft; gives its id. So one e-mail is two rows, which only the
 * task's subtype and the e-mail's ActivityId tell. Source: object reference, EmailMessage, ActivityId.
 */
export function addEmailTask(tx: Transaction, email: Readonly<Record<string, unknown>>): string | null {
  const task = tx.org.schema.entity('Task');
  if (!task || email['Status'] === draft) return null;
  const date = typeof email['MessageDate'] === 'string' ? email['MessageDate'] : tx.stamp;
  const row: Row = {
    Id: tx.org.nextId(task),
    Subject: `Email: ${typeof email['Subject'] === 'string' ? email['Subject'] : ''}`.slice(0, 255).trim(),
    TaskSubtype: 'Email',
    Status: 'Completed',
    Priority: 'Normal',
    IsClosed: true,
    IsHighPriority: false,
    ActivityDate: date.slice(0, 10),
    CompletedDateTime: tx.stamp,
    WhatId: email['RelatedToId'] ?? null,
    OwnerId: tx.actor.userId,
    CreatedById: tx.actor.userId,
    CreatedDate: tx.stamp,
    LastModifiedById: tx.actor.userId,
    LastModifiedDate: tx.stamp,
    SystemModstamp: tx.stamp,
  };
  tx.write(task, row, 'CREATE', eventFields(row));
  followUp(tx, 'Task', row);
  return row.Id;
}
