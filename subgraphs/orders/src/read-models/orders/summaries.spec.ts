import { describe, expect, it } from 'vitest';
import { summaryOf } from './summaries.ts';

describe('what is said of a call that is held no more', () => {
  it.each([
    ['PaymentResumed', 'authorise', 'The payment is no longer held. (authorise)'],
    [
      'OrderResumed',
      'Giving money back by refund r1 waits for nobody any more.',
      'What held the order holds it no more. (Giving money back by refund r1 waits for nobody any more.)',
    ],
  ])('%s is true of one that was done and of one that was given up', (type, detail, sentence) => {
    expect(summaryOf(type, detail)).toBe(sentence);
  });
});
