import type { FastifyInstance } from 'fastify';
import { type DocumentLinks, INVOICES_PATH } from './document-links.ts';
import type { InvoiceDrawer } from './invoice-drawer.ts';
import type { InvoiceDocument } from './invoice-pdf.ts';

const RETRY_AFTER_S = '1';

export type DocumentRouteOptions = Readonly<{
  links: DocumentLinks;
  draw: InvoiceDrawer['draw'];
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
export function addDocumentRoute(app: FastifyInstance, { links, draw, load }: DocumentRouteOptions): void {
  app.get<Route>(`${INVOICES_PATH}/:file`, async ({ params, query }, reply) => {
    reply.header('cache-control', 'private, no-store');
    const { expires, signature } = query;
    const number = links.numberOf({
      file: params.file,
      expires: single(expires),
      signature: single(signature),
    });
    if (number === null) return reply.code(403).send({ message: 'The link has expired or was changed.' });
    const invoice = await load(number);
    if (invoice === null) return reply.code(404).send({ message: 'There is no such invoice.' });
    const pdf = await draw(invoice);
    if (pdf === null) {
      return reply.code(503).header('retry-after', RETRY_AFTER_S).send({ message: 'Try again later.' });
    }
    return reply
      .type('application/pdf')
      .header('content-disposition', `inline; filename="${number}.pdf"`)
      .send(pdf);
  });
}
