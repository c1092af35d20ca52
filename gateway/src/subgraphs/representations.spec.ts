import { describe, expect, it } from 'vitest';
import { distinctRepresentations, expandAnswer } from './representations.ts';

const product = (sku: string) => ({ __typename: 'Product', sku });

describe('representations', () => {
  it('are left alone when none repeats', () => {
    expect(distinctRepresentations([product('A'), product('B')])).toBeNull();
  });

  it('are asked for once, and answered wherever they stood', () => {
    const found = distinctRepresentations([product('A'), product('B'), product('A')]);
    expect(found).toEqual({ distinct: [product('A'), product('B')], places: [0, 1, 0] });
    const answer = expandAnswer({ data: { _entities: [{ name: 'a' }, null] } }, [0, 1, 0]);
    expect(answer).toEqual({ data: { _entities: [{ name: 'a' }, null, { name: 'a' }] } });
  });

  it('have their errors at every place they stood, and other errors once', () => {
    const errors = [{ message: 'no name', path: ['_entities', 0, 'name'] }, { message: 'tired' }];
    expect(expandAnswer({ errors }, [0, 1, 0]).errors).toEqual([
      { message: 'no name', path: ['_entities', 0, 'name'] },
      { message: 'no name', path: ['_entities', 2, 'name'] },
      { message: 'tired' },
    ]);
  });
});
