import { describe, expect, it } from 'vitest';
import { EVENT_STREAM_FORMAT, MULTIPART_FORMAT, streamFormatOf } from './stream-formats.ts';

const output = { result: { data: { a: 'line\nbreak' } }, cursor: 'c', ending: null };

describe('the formats of a stream', () => {
  it.each([
    ['text/event-stream', EVENT_STREAM_FORMAT],
    ['multipart/mixed;subscriptionSpec=1.0, application/json', MULTIPART_FORMAT],
    ['multipart/mixed; deferSpec=20220824, application/json', null],
    ['application/json', null],
  ])('for %s', (accept, format) => {
    expect(streamFormatOf(accept)).toBe(format);
  });

  it('put an item into one event, with its cursor as id', () => {
    expect(EVENT_STREAM_FORMAT.item(output)).toBe(
      'id: c\nevent: next\ndata: {"data":{"a":"line\\nbreak"}}\n\n',
    );
    expect(EVENT_STREAM_FORMAT.item({ ...output, cursor: null })).toMatch(/^event: next\n/);
  });

  it('tell errors that end a multipart stream from those of an item', () => {
    const errors = [{ message: 'm' }];
    expect(MULTIPART_FORMAT.item({ ...output, result: { errors } })).toContain(
      '{"payload":{"errors":[{"message":"m"}]}}',
    );
    const ending = 'SUBSCRIPTION_JWT_EXPIRED';
    expect(MULTIPART_FORMAT.item({ ...output, result: { errors }, ending })).toContain(
      '{"payload":null,"errors":[{"message":"m"}]}',
    );
  });
});
