import type { EntityTable } from './entity.ts';
import { field, flag, picklist, readOnly, required, systemFields, text } from './field.ts';

const fixed = { ...readOnly };

/** Users are read only here: they come from the seed. A User has no IsDeleted (it is made inactive instead). */
export const user: EntityTable = {
  name: 'User',
  label: 'User',
  labelPlural: 'Users',
  keyPrefix: '005',
  writeable: false,
  fields: [
    ...systemFields('User').filter((one) => one.name !== 'IsDeleted'),
    text('Username', 80, 'Username', { ...fixed, ...required, idLookup: true }),
    text('LastName', 80, 'Last Name', { ...fixed, ...required, compoundFieldName: 'Name' }),
    text('FirstName', 40, 'First Name', { ...fixed, compoundFieldName: 'Name' }),
    text('Name', 121, 'Full Name', { ...fixed, ...required, nameField: true }),
    text('CompanyName', 80, 'Company Name', fixed),
    field('Email', 'email', 'Email', { ...fixed, ...required, length: 128, idLookup: true }),
    text('Alias', 8, 'Alias', { ...fixed, ...required }),
    flag('IsActive', 'Active', fixed),
    picklist('TimeZoneSidKey', 40, 'Time Zone', [], { ...fixed, ...required }),
    picklist('LocaleSidKey', 40, 'Locale', [], { ...fixed, ...required }),
    picklist('LanguageLocaleKey', 40, 'Language', ['en_US', 'de', 'fr'], { ...fixed, ...required }),
    picklist('UserType', 40, 'User Type', ['Standard'], { ...fixed, ...required }),
  ],
};
