import type { FastifyInstance } from 'fastify';
import { type DocumentLinks, INVOICES_PATH } from './document-links.ts';
import { drawInvoice, type InvoiceDocument, type Seller } from './invoice-pdf.ts';

/** Documents drawn at once at most: each keeps the process busy for some milliseconds. */
const DRAWN_AT_ONCE_MAX = 8;
const RETRY_AFTER_S = '1';

export type DocumentRouteOptions = Readonly<{
  links: DocumentLinks;
  seller: Seller;
  /** The invoice with this number as it stands now. */
  load: (number: string) => Promise<InvoiceDocument | null>;
}>;

type Route = Readonly<{
  Params: Readonly<{ file: string }>;
  Querystring: Readonly<{ expires?: string; signature?: string }>;
}>;

function single(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Serves invoices to whoever has a signed link that is still good; it asks for no token. */
export function addDocumentRoute(app: FastifyInstance, { links, seller, load }: DocumentRouteOptions): void {
  let drawing = 0;
  app.get<Route>(`${INVOICES_PATH}/:file`, async ({ params, query }, reply) => {
    reply.header('cache-control', 'private, no-store');
    const { expires, signature } = query;
    const number = links.numberOf({
      file: params.file,
      expires: single(expires),
      signature: single(signature),
    });
    if (number === null) return reply.code(403).send({ message: 'The link has expired or was changed.' });
    if (drawing >= DRAWN_AT_ONCE_MAX) {
      return reply.code(503).header('retry-after', RETRY_AFTER_S).send({ message: 'Try again later.' });
    }
    drawing += 1;
    try {
      const invoice = await load(number);
      if (invoice === null) return reply.code(404).send({ message: 'There is no such invoice.' });
      const pdf = await drawInvoice(invoice, seller);
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${number}.pdf"`)
        .send(pdf);
    } finally {
      drawing -= 1;
    }
  });
}
