import { describe, expect, it } from 'vitest';
import { createDocumentLinks, type DocumentRequest } from './document-links.ts';

const SECRET = 'a secret for links that only tests know';
const NOW_MS = Date.UTC(2026, 2, 1, 9, 30);
const links = createDocumentLinks([SECRET], () => NOW_MS);

function requestOf(link: string): DocumentRequest {
  const url = new URL(link, 'http://gateway');
  const { expires, signature } = Object.fromEntries(url.searchParams);
  return { file: url.pathname.split('/').at(-1) ?? '', expires, signature };
}

const request = requestOf(links.linkToInvoice('INV-00000001'));

describe('a link to a document', () => {
  it('is good for 15 minutes', () => {
    const at = (ms: number) => createDocumentLinks([SECRET], () => NOW_MS + ms).numberOf(request);
    expect([at(0), at(899_999)]).toEqual(['INV-00000001', 'INV-00000001']);
    expect([at(900_000), at(86_400_000)]).toEqual([null, null]);
  });

  it.each<[string, Partial<Record<keyof DocumentRequest, string | undefined>>]>([
    ['for another document', { file: 'INV-00000002.pdf' }],
    ['for no document', { file: '../INV-00000001.pdf' }],
    ['that is to last longer', { expires: String(Number(request.expires) + 1) }],
    ['without an end', { expires: undefined }],
    ['without a signature', { signature: undefined }],
    ['with another signature', { signature: `A${request.signature?.slice(1)}` }],
    ['with a signature that is too long', { signature: `${request.signature}AAAA` }],
  ])('is refused %s', (_what, change) => {
    const { file, expires, signature } = { ...request, ...change };
    expect(links.numberOf({ file: file ?? '', expires, signature })).toBeNull();
  });

  it('is refused when it was signed with another secret', () => {
    const forged = createDocumentLinks([`${SECRET}!`], () => NOW_MS).linkToInvoice('INV-00000001');
    expect(links.numberOf(requestOf(forged))).toBeNull();
  });

  it('stays good while its secret is replaced, and new ones are signed with the new secret', () => {
    const NEW = 'the secret that takes its place from now on';
    const numberFrom = (secrets: readonly [string, ...string[]], link = request) =>
      createDocumentLinks(secrets, () => NOW_MS).numberOf(link);
    const replacing = createDocumentLinks([NEW, SECRET], () => NOW_MS);
    const fresh = requestOf(replacing.linkToInvoice('INV-00000001'));
    expect([numberFrom([NEW, SECRET]), numberFrom([NEW]), numberFrom([NEW], fresh)]).toEqual([
      'INV-00000001',
      null,
      'INV-00000001',
    ]);
    expect(numberFrom([SECRET], fresh)).toBeNull();
  });
});
