import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { pageSize } from './connections.ts';

describe('the size of a page', () => {
  it.each([
    ['what was asked for', 1, undefined, 1],
    ['as much as a page may have', 100, undefined, 100],
    ['the default where null was asked for', null, undefined, 20],
    ['the default where nothing was', undefined, undefined, 20],
    ["the list's own default", null, 100, 100],
  ])('is %s', (_name, first, preset, size) => expect(pageSize(first, preset)).toBe(size));

  it.each([0, -1, 101, 2_147_483_647])('is never %d', (first) => {
    expect(() => pageSize(first)).toThrow(GraphQLError);
    expect(() => pageSize(first)).toThrow('first is 1 to 100.');
  });
});
