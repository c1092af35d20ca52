import { describe, expect, it } from 'vitest';
import { batchKey, consignmentOf, readOutcome } from './confirmation.ts';

const row = (index: number, code?: string) => ({
  index,
  shipment: code === undefined ? { id: 'x', status: 'SHIPPED' } : null,
  userErrors: code === undefined ? [] : [{ code, message: 'no' }],
});
const answer = (results: object[], userErrors: object[] = []) => ({
  data: { confirmShipments: { results, replayed: false, userErrors } },
});
const failed = (code: string) => ({ data: null, errors: [{ message: 'no', extensions: { code } }] });

describe('what an answer means', () => {
  it('gives each row its verdict by index; a row left out is not confirmed', () => {
    expect(readOutcome(answer([row(1, 'SHIPMENT_WITHDRAWN'), row(0)]), 3)).toEqual({
      kind: 'rows',
      verdicts: [
        { kind: 'confirmed' },
        { kind: 'refused', code: 'SHIPMENT_WITHDRAWN' },
        { kind: 'refused', code: 'NO_VERDICT' },
      ],
    });
  });

  it('never takes a row without a shipment for confirmed', () => {
    const nulled = { index: 0, shipment: null, userErrors: [] };
    expect(readOutcome(answer([nulled]), 1)).toEqual({
      kind: 'rows',
      verdicts: [{ kind: 'refused', code: 'NO_VERDICT' }],
    });
  });

  it.each(['SUBGRAPH_UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED', 'GRAPHQL_VALIDATION_FAILED'])(
    'is sent again after %s',
    (code) => expect(readOutcome(failed(code), 2)).toEqual({ kind: 'again', why: code }),
  );

  it.each(['BAD_USER_INPUT', 'COST_LIMIT_EXCEEDED'])('is divided after %s', (code) => {
    expect(readOutcome(failed(code), 2)).toEqual({ kind: 'divide', code });
  });

  it('waits for the twin of a batch, and divides a batch that is refused as a whole', () => {
    const whole = (code: string) => readOutcome(answer([], [{ code, message: 'no' }]), 2);
    expect(whole('REQUEST_IN_PROGRESS')).toEqual({ kind: 'again', why: 'REQUEST_IN_PROGRESS' });
    expect(whole('INVALID_INPUT')).toEqual({ kind: 'divide', code: 'INVALID_INPUT' });
  });

  it.each([[undefined], ['<html>'], [{}], [{ data: null }], [{ data: {} }]])(
    'knows nothing from %j',
    (body) => {
      expect(readOutcome(body, 1).kind).toBe('again');
    },
  );
});

it('gives a batch the same key for the same content, and another in another place of the journal', () => {
  const shipments = [{ shipmentId: 's-1', releaseEpoch: 1 }];
  expect(batchKey('WH-1', 5, shipments)).toBe(batchKey('WH-1', 5, [...shipments]));
  expect(batchKey('WH-1', 6, shipments)).not.toBe(batchKey('WH-1', 5, shipments));
  expect(batchKey('WH-1', 5, shipments).length).toBeLessThanOrEqual(255);
});

it('gives a pick the same carrier and number whenever it is asked', () => {
  const name = { shipmentId: 's-1', releaseEpoch: 1 };
  expect(consignmentOf(name)).toEqual(consignmentOf({ ...name }));
  expect(consignmentOf(name).trackingNumber).not.toBe(
    consignmentOf({ ...name, releaseEpoch: 2 }).trackingNumber,
  );
});
