import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import type { Keys } from '@crossdock/tools/start';

/** Long enough to fill the shelves. */
const TTL_S = 600;

/** The gateway's word to a subgraph that the ERP is asking (EdDSA, RFC 8037): the reserver is measured without a gateway. */
export function internalTokenOf({ internal }: Keys, audience: string): string {
  const header = { alg: 'EdDSA' };
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: 'crossdock-gateway',
    aud: audience,
    sub: 'erp:race',
    role: 'erp',
    iat: now,
    exp: now + TTL_S,
  };
  const body = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  // The same key in the two libraries' types.
  const key = createPrivateKey({ key: internal.privateJwk as JsonWebKey, format: 'jwk' });
  return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`;
}
