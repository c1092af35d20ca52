import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LinkToInvoice } from '../ports.ts';

/** Where documents are served, here and at the gateway. */
export const INVOICES_PATH = '/documents/invoices';
/** Seconds that a link is good for: time to open it, not to pass it on. */
const LINK_VALID_S = 15 * 60;

const FILE = /^(INV-\d{8,15})\.pdf$/;
/** Seconds since 1970 as a link has them. */
const EXPIRES = /^\d{10,12}$/;

/** What a request for a document says of itself. */
export type DocumentRequest = Readonly<{
  file: string;
  expires: string | undefined;
  signature: string | undefined;
}>;

export type DocumentLinks = Readonly<{
  linkToInvoice: LinkToInvoice;
  /** The number of the invoice that the link is good for now; null for a forged, changed or expired one. */
  numberOf: (request: DocumentRequest) => string | null;
}>;

/**
 * Signs and checks links to documents with HMAC-SHA-256: the first secret signs, and links of all are good, so that one can be
 * replaced. `nowMs` is the clock.
 */
export function createDocumentLinks(
  secrets: readonly [string, ...string[]],
  nowMs: () => number = Date.now,
): DocumentLinks {
  const signatureOf = (secret: string, file: string, expires: string) =>
    createHmac('sha256', secret).update(`${INVOICES_PATH}/${file}?expires=${expires}`).digest();
  return {
    linkToInvoice: (number) => {
      const file = `${number}.pdf`;
      const expires = String(Math.floor(nowMs() / 1_000) + LINK_VALID_S);
      const signature = signatureOf(secrets[0], file, expires).toString('base64url');
      return `${INVOICES_PATH}/${file}?expires=${expires}&signature=${signature}`;
    },
    numberOf: ({ file, expires = '', signature = '' }) => {
      const number = FILE.exec(file)?.[1];
      if (number === undefined || !EXPIRES.test(expires)) return null;
      const given = Buffer.from(signature, 'base64url');
      const isSignedWith = (secret: string) => {
        const right = signatureOf(secret, file, expires);
        // Lengths are no secret; what is compared then takes as long whatever differs.
        return given.length === right.length && timingSafeEqual(given, right);
      };
      if (!secrets.some(isSignedWith)) return null;
      return Number(expires) * 1_000 > nowMs() ? number : null;
    },
  };
}
