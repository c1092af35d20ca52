import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ROLES_OF_FIELD, refusedField } from './roles.ts';

const api = buildSchema(readFileSync(join(import.meta.dirname, '../../../schema/api.graphql'), 'utf8'));

describe('the roles table', () => {
  it('names every root field of the public schema, and no other', () => {
    const roots = [api.getQueryType(), api.getMutationType(), api.getSubscriptionType()];
    const fields = roots.flatMap((root) =>
      Object.keys(root?.getFields() ?? {}).map((field) => `${root?.name}.${field}`),
    );
    expect(Object.keys(ROLES_OF_FIELD).sort()).toEqual(fields.sort());
  });

  it('refuses the first field that the role lacks', () => {
    expect(refusedField('buyer', ['Query.order', 'Mutation.upsertProducts'])).toBe('Mutation.upsertProducts');
    expect(refusedField('erp', ['Query.order', 'Mutation.upsertProducts'])).toBeUndefined();
    expect(refusedField('operator', ['Mutation.placeOrder'])).toBe('Mutation.placeOrder');
    expect(refusedField('wms', ['Query.order'])).toBe('Query.order');
  });

  it('leaves what is done about dead letters to operators', () => {
    const fields = Object.keys(ROLES_OF_FIELD).filter((field) => /operations|DeadLetters/.test(field));
    expect(fields).toHaveLength(9);
    const roles = ['buyer', 'approver', 'rep', 'erp', 'wms'] as const;
    for (const field of fields) {
      expect(roles.map((role) => refusedField(role, [field]))).toEqual(roles.map(() => field));
      expect(refusedField('operator', [field])).toBeUndefined();
    }
  });

  it.each(['Query.inventedTomorrow', 'Query.constructor', 'Query.__proto__'])(
    'gives %s to nobody',
    (field) => {
      expect(refusedField('operator', [field])).toBe(field);
    },
  );
});
