const strings = { type: 'array', items: 'string' };
const rowChanges = ['CREATE', 'UPDATE', 'DELETE', 'UNDELETE'];

/** The Avro record that opens every change event (Change Data Capture docs: ChangeEventHeader fields). */
export const headerRecord = {
  type: 'record',
  name: 'ChangeEventHeader',
  fields: [
    { name: 'entityName', type: 'string' },
    { name: 'recordIds', type: strings },
    {
      name: 'changeType',
      type: {
        type: 'enum',
        name: 'ChangeType',
        symbols: [...rowChanges, ...rowChanges.map((change) => `GAP_${change}`), 'GAP_OVERFLOW', 'SNAPSHOT'],
      },
    },
    { name: 'changeOrigin', type: 'string' },
    { name: 'transactionKey', type: 'string' },
    { name: 'sequenceNumber', type: 'int' },
    { name: 'commitTimestamp', type: 'long' },
    { name: 'commitNumber', type: 'long' },
    { name: 'commitUser', type: 'string' },
    { name: 'nulledFields', type: strings },
    { name: 'diffFields', type: strings },
    { name: 'changedFields', type: strings },
  ],
};
