import type { Collection } from '../../kit/storage.ts';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { Entity } from '../schema/entity.ts';

/** A validation rule as `POST /_sandbox/validation-rules` takes it: a row for which the condition is true is refused. */
export const validationRuleSchema = z.strictObject({
  orgId: z.string(),
  entity: z.string(),
  name: z.string(),
  field: z.string(),
  /** Numbers and ISO dates compare by size; `blank` and `filled` take no value. */
  operator: z.enum(['<', '>', '=', '!=', 'blank', 'filled']),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
  message: z.string(),
});

export type ValidationRule = z.infer<typeof validationRuleSchema>;

function holds(rule: ValidationRule, value: unknown): boolean {
  const blank = value === null || value === undefined;
  if (rule.operator === 'blank') return blank;
  if (rule.operator === 'filled') return !blank;
  if (rule.operator === '=') return value === rule.value;
  if (rule.operator === '!=') return value !== rule.value;
  if (blank || rule.value === undefined) return false;
  const [left, right] = [value as number, rule.value as number];
  return rule.operator === '<' ? left < right : left > right;
}

/** Refuses a row that breaks an active rule, with the rule's own message. Source: object reference, validation rules. */
export function enforceRules(
  rules: Collection<ValidationRule>,
  orgId: string,
  entity: Entity,
  row: Readonly<Record<string, unknown>>,
): void {
  for (const rule of rules.values()) {
    if (rule.orgId === orgId && rule.entity === entity.name && holds(rule, row[rule.field])) {
      throw new ApiError(400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, [rule.field]);
    }
  }
}
