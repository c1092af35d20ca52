import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DOCUMENT_TOKENS_MAX } from './apollo.ts';

const SCHEMA_FOLDER = join(import.meta.dirname, '../../../schema');
const OPERATIONS_FOLDER = join(SCHEMA_FOLDER, 'operations');
const api = buildSchema(readFileSync(join(SCHEMA_FOLDER, 'api.graphql'), 'utf8'));

describe('the documents of schema/operations', () => {
  it.each(readdirSync(OPERATIONS_FOLDER))('%s fits the public schema and the limits', (file) => {
    const text = readFileSync(join(OPERATIONS_FOLDER, file), 'utf8');
    expect(validate(api, parse(text, { maxTokens: DOCUMENT_TOKENS_MAX }))).toEqual([]);
  });
});
