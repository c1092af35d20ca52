// The merchant as the payment provider's webhooks see it: checks signatures over the raw body and answers by a script.
// Tests only.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

export const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret that only tests know of!').toString('base64')}`;

export interface Received {
  /** Undefined when the signature is good. */
  readonly refusal: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly content: string;
  readonly body: { readonly type: string; readonly data: Record<string, unknown> };
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: Received[];
  /** Answer to a webhook whose signature is good. */
  script: (received: Received) => number;
  close(): void;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void contentOf(request).then((content) => {
      const { headers } = request;
      const body = JSON.parse(content) as Received['body'];
      const one = { refusal: refusalOf(content, headers), headers, content, body };
      received.push(one);
      response.writeHead(one.refusal === undefined ? receiver.script(one) : 400).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/webhooks/simulator`,
    received,
    script: () => 204,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}

async function contentOf(request: IncomingMessage): Promise<string> {
  let content = '';
  for await (const chunk of request) content += String(chunk);
  return content;
}

function refusalOf(content: string, headers: IncomingHttpHeaders): string | undefined {
  const stripe = headers['stripe-signature'];
  if (typeof stripe === 'string') return stripeRefusalOf(content, stripe);
  try {
    new Webhook(WEBHOOK_SECRET).verify(content, headers as Record<string, string>);
    return undefined;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.message;
    throw error;
  }
}

/** After https://docs.stripe.com/webhooks#verify-manually. */
function stripeRefusalOf(content: string, header: string): string | undefined {
  const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const expected = createHmac('sha256', WEBHOOK_SECRET).update(`${seconds}.${content}`).digest('hex');
  if (signature !== expected) return 'No matching signature found';
  return Math.abs(Date.now() / 1_000 - Number(seconds)) > 300 ? 'Message timestamp too old' : undefined;
}
