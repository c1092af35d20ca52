// Tokens of every kind, the forged included: signed here by hand, because a library refuses to make some of them.
import {
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>>;

const TTL_S = 3_600;

/** What every good token says besides who its bearer is. */
export const standardClaims = () => {
  const now_s = Math.floor(Date.now() / 1_000);
  return { iss: 'crossdock-local', aud: 'crossdock', iat: now_s, exp: now_s + TTL_S };
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(header: object, claims: Claims, signatureOf: (text: string) => Buffer): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${signatureOf(text).toString('base64url')}`;
}

export type TokenMaker = Readonly<{
  /** A token of the issuer that the gateway trusts, with exactly these claims. */
  signed: (claims: Claims) => string;
  /** Signed by a stranger who says to be the issuer. */
  bySomebodyElse: (claims: Claims) => string;
  /** Not signed at all. */
  unsigned: (claims: Claims) => string;
  /** Signed with the public key as if it were a shared secret. */
  byPublicKey: (claims: Claims) => string;
}>;

export function tokenMaker(issuerKey: JsonWebKey & { kid?: string }): TokenMaker {
  const { kid, x = '' } = issuerKey;
  const own = createPrivateKey({ key: issuerKey, format: 'jwk' });
  const strangers = generateKeyPairSync('ed25519').privateKey;
  const eddsa = (key: KeyObject) => (claims: Claims) =>
    jwt({ alg: 'EdDSA', kid, typ: 'JWT' }, claims, (text) => sign(null, Buffer.from(text), key));
  return {
    signed: eddsa(own),
    bySomebodyElse: eddsa(strangers),
    unsigned: (claims) => jwt({ alg: 'none', kid, typ: 'JWT' }, claims, () => Buffer.alloc(0)),
    byPublicKey: (claims) =>
      jwt({ alg: 'HS256', kid, typ: 'JWT' }, claims, (text) =>
        createHmac('sha256', Buffer.from(x, 'base64url')).update(text).digest(),
      ),
  };
}
