const head = `kind: contact
objects:
  hubspot: [{ object: contacts, id: rapport_id }]
  salesforce: [{ object: Contact, id: Rapport_Id__c }]
`;
/** A file with these fields. */
export const fields = (text: string): string => `${head}fields:\n${text}`;

/** Faulty files, and the whole of what is said about them. */
export const faulty: readonly [what: string, text: string, ...faults: string[]][] = [
  ['an empty file', '', '1:1 Invalid input: expected object, received null'],
  [
    'broken YAML',
    'kind: contact\nobjects: {',
    '2:11 Flow map in block collection must be sufficiently indented and end with a }',
  ],
  ['a key twice', `${head}kind: deal\nfields: {}`, '5:1 Map keys must be unique'],
  [
    'an unknown kind',
    head.replace('contact\n', 'person\n') + 'fields: {}',
    '1:7 kind: Invalid option: expected one of "company"|"contact"|"deal"|"research_report"',
  ],
  [
    'an unknown key',
    fields(
      '  email: { type: email, hubspot: email }\n  phone:\n    type: phone\n    hubspot: phone\n    rul: newest\n',
    ),
    '10:5 fields.phone: Unrecognized key: "rul"',
  ],
  [
    'an unknown type',
    fields('  email: { type: mail, hubspot: email }\n'),
    '6:18 fields.email.type: Invalid option: expected one of "text"|"long_text"|"html"|"email"|"phone"|"domain"|"integer"|"decimal"|"date"|"instant"|"boolean"|"option"|"reference"|"references"',
  ],
  [
    'no type',
    fields('  email: { hubspot: email }\n'),
    '6:3 fields.email.type: Invalid option: expected one of "text"|"long_text"|"html"|"email"|"phone"|"domain"|"integer"|"decimal"|"date"|"instant"|"boolean"|"option"|"reference"|"references"',
  ],
  [
    'a name that is no name',
    fields('  E-Mail: { type: email, hubspot: email }\n'),
    '6:3 fields.E-Mail: a field name is camelCase',
  ],
  [
    'no vendor field',
    fields('  email: { type: email }\n'),
    '6:3 fields.email: names no field of HubSpot or Salesforce; add one or remove it',
  ],
  [
    'two faults',
    fields('  email: { type: email }\n  phone: { type: phone }\n'),
    '6:3 fields.email: names no field of HubSpot or Salesforce; add one or remove it',
    '7:3 fields.phone: names no field of HubSpot or Salesforce; add one or remove it',
  ],
  [
    'a reference to nothing',
    fields('  company: { type: reference, hubspot: x }\n'),
    '6:3 fields.company: a reference says which kind it refers to (`to`), other types do not',
  ],
  [
    'an option without values',
    fields('  stage: { type: option, hubspot: stage }\n'),
    '6:3 fields.stage: `values` belongs to type option, and an option needs it',
  ],
  [
    'a value twice',
    fields(
      '  stage:\n    type: option\n    hubspot: stage\n    values:\n      a: { hubspot: x }\n      b: { hubspot: [y, x] }\n',
    ),
    '9:5 fields.stage.values: hubspot value "x" stands for two values',
  ],
  [
    'forward-only without order',
    fields('  rank: { type: text, rule: forward-only, hubspot: rank }\n'),
    '6:3 fields.rank: rule forward-only needs `order`',
  ],
  [
    'most-restrictive without order',
    fields('  optOut: { type: boolean, rule: most-restrictive, hubspot: o }\n'),
    '6:3 fields.optOut: rule most-restrictive needs `order`',
  ],
  [
    'an order of other values',
    fields(
      '  stage:\n    type: option\n    rule: forward-only\n    order: [a, c]\n    hubspot: stage\n    values: { a: { hubspot: x }, b: { hubspot: y } }\n',
    ),
    '9:16 fields.stage.order.1: "c" is none of `values`',
  ],
  [
    'append of a number',
    fields('  count: { type: integer, rule: append, hubspot: count }\n'),
    '6:3 fields.count: rule append is for text',
  ],
  [
    'a rule that sets do not have',
    fields('  peers: { type: references, to: contact, rule: fill-blank, hubspot: p }\n'),
    '6:3 fields.peers: rule fill-blank is not for references',
  ],
  [
    'a group with two rules',
    fields('  street: { type: text, group: a, hubspot: s }\n  city: { type: text, group: a, rule: hub, hubspot: c }\n'),
    '7:3 fields.city: `rule` and `tie` of a group are the same in all its fields, as in street',
  ],
  [
    'a set in a group',
    fields('  peers: { type: references, to: contact, group: a, hubspot: p }\n'),
    '6:3 fields.peers: a set of references stands alone, in no group',
  ],
  [
    'append in a group',
    fields('  note: { type: text, group: a, rule: append, hubspot: p }\n'),
    '6:3 fields.note: rule append is for a field in no group',
  ],
  [
    'a vendor field twice',
    fields('  phone: { type: phone, hubspot: phone }\n  mobile: { type: phone, hubspot: phone }\n'),
    '7:35 fields.mobile.hubspot: phone belongs to phone already',
  ],
  [
    'an object that is not there',
    fields('  phone: { type: phone, hubspot: { leads: phone } }\n'),
    '6:43 fields.phone.hubspot.leads: no object is called leads',
  ],
  [
    'a vendor without object',
    `kind: contact\nobjects: { hubspot: [{ object: contacts, id: rapport_id }] }\nfields:\n  phone: { type: phone, salesforce: Phone }\n`,
    '4:37 fields.phone.salesforce: the file names no object of salesforce',
  ],
  [
    'a day as an instant of another type',
    fields('  seen: { type: instant, hubspot: seen, as: { hubspot: instant } }\n'),
    '6:41 fields.seen.as: `as` belongs to type date',
  ],
  [
    'a day kept nowhere',
    fields('  due: { type: date, hubspot: due, as: { salesforce: instant } }\n'),
    '6:54 fields.due.as.salesforce: names no field of salesforce',
  ],
  [
    'a direction to nowhere',
    fields('  phone: { type: phone, hubspot: phone, direction: { salesforce: in } }\n'),
    '6:66 fields.phone.direction.salesforce: names no field of salesforce',
  ],
  [
    'a match by no field',
    `${head}match: [{ field: mail }]\nfields:\n  email: { type: email, hubspot: email }\n`,
    '5:9 match.0: no field is called mail',
  ],
  [
    'a trigger on no field',
    `${fields('  email: { type: email, hubspot: email }\n')}triggers:\n  research: { stage: won }\n`,
    '8:22 triggers.research.stage: no field is called stage',
  ],
  [
    'a trigger on a value that never comes',
    `${fields('  stage: { type: option, hubspot: s, values: { a: { hubspot: x } } }\n')}triggers:\n  research: { stage: won }\n`,
    '8:22 triggers.research.stage: stage never is "won"',
  ],
  [
    'a default that reads like a rule',
    `kind: contact\nobjects:\n  hubspot:\n    - object: contacts\n      id: rapport_id\n      onCreate:\n        closedate: today plus 90\nfields: {}\n`,
    '7:20 objects.hubspot.0.onCreate.closedate: cannot read "today plus 90"',
  ],
];
