// Readers of webhooks: who signed it, and what it is about. What it says about money is never believed; the provider is asked.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ProviderNotice, ReadNotice } from '../ports.ts';

const ID_HEADER = 'webhook-id';
const ID_MAX_CHARACTERS = 255;
const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==))$/;
/** Seconds since 1970. */
const TIMESTAMP = /^\d{1,12}$/;
/** Seconds a signature is good for, against a copy that is sent again later. */
const TOLERANCE_S = 300;

type Headers = Parameters<ReadNotice>[0];

const body = z.object({
  type: z.string().min(1).max(ID_MAX_CHARACTERS),
  data: z.object({ authorizationId: z.string().min(1).max(ID_MAX_CHARACTERS).nullish() }),
});
const eventId = z.string().min(1).max(ID_MAX_CHARACTERS);

/** True when the seconds since 1970 are written in digits alone, and are those of now within the tolerance before and after. */
export function isOfNow(at: string): boolean {
  return TIMESTAMP.test(at) && Math.abs(Math.floor(Date.now() / 1_000) - Number(at)) <= TOLERANCE_S;
}

/** What a signed body says; a reading that throws did not understand it. */
export function understood(read: () => ProviderNotice): ProviderNotice | 'not-understood' {
  try {
    return read();
  } catch {
    return 'not-understood';
  }
}

function keyOf(secret: string): Buffer {
  const base64 = SECRET.exec(secret)?.[1];
  if (base64 === undefined) throw new Error('A secret of Standard Webhooks is whsec_ and base64.');
  return Buffer.from(base64, 'base64');
}

/** Null where a header is missing or the time is not now; nothing is hashed for those. */
function signedPartsOf(headers: Headers): Readonly<{ id: string; at: string; shown: Buffer[] }> | null {
  const {
    [ID_HEADER]: id = '',
    'webhook-timestamp': at = '',
    'webhook-signature': signatures = '',
  } = headers;
  if (id === '' || !isOfNow(at)) return null;
  const shown = signatures.split(' ').flatMap((each) => {
    const [version, signature = ''] = each.split(',');
    return version === 'v1' ? [Buffer.from(signature)] : [];
  });
  return shown.length === 0 ? null : { id, at: String(Number(at)), shown };
}

/**
 * Webhooks signed as standardwebhooks.com says: HMAC-SHA-256 over id, timestamp and raw body, within 5 minutes, any of
 * several signatures. Several secrets are good at once, so that one can be replaced; each is `whsec_` and base64, and
 * anything else throws. Hashed by Node itself: the specification's library does it in JavaScript, and anybody may send us bodies.
 */
export function createStandardNotices(secrets: readonly string[]): ReadNotice {
  const keys = secrets.map(keyOf);
  return (headers, rawBody) => {
    const parts = signedPartsOf(headers);
    if (parts === null) return null;
    const { id, at, shown } = parts;
    const isSignedWith = (key: Buffer) => {
      const hmac = createHmac('sha256', key).update(`${id}.${at}.`).update(rawBody);
      const right = Buffer.from(hmac.digest('base64'));
      // Lengths are no secret; what is compared then takes as long whatever differs.
      return shown.some((each) => each.length === right.length && timingSafeEqual(each, right));
    };
    if (!keys.some(isSignedWith)) return null;
    return understood(() => {
      const { type, data } = body.parse(JSON.parse(rawBody));
      return { eventId: eventId.parse(id), type, authorisationId: data.authorizationId ?? null };
    });
  };
}
