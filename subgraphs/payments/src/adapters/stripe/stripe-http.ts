import { AsyncLocalStorage } from 'node:async_hooks';
import type Stripe from 'stripe';
import { Pool } from 'undici';
import { ANSWER_MAX_BYTES } from '../provider-answers.ts';

const CONNECTIONS = 48;

/** What went wrong on the way. It carries no code itself: the library repeats by itself what broke with some codes. */
export class WayFault extends Error {
  override name = 'WayFault';
}

export type StripeHttp = Readonly<{
  client: Stripe.HttpClient;
  /** Runs calls of the library that end when the signal does. */
  until: <Value>(signal: AbortSignal, run: () => Promise<Value>) => Promise<Value>;
  close: () => Promise<void>;
}>;

/** Carries the library's requests to one address, each once: the tries and the time-outs are ours. */
export function createStripeHttp(url: string): StripeHttp {
  const pool = new Pool(url, { connections: CONNECTIONS, maxResponseSize: ANSWER_MAX_BYTES });
  const signals = new AsyncLocalStorage<AbortSignal>();
  const exchange = async (path: string, method: string, headers: [string, string][], body: string | null) => {
    try {
      const signal = signals.getStore() ?? null;
      const response = await pool.request({
        method: method === 'POST' ? 'POST' : 'GET',
        path,
        headers: Object.fromEntries(headers),
        body,
        signal,
      });
      return { response, text: await response.body.text() };
    } catch (error) {
      throw new WayFault('the exchange failed', { cause: error });
    }
  };
  const client: Stripe.HttpClient = {
    getClientName: () => 'undici',
    makeRequest: async (_host, _port, path, method, headers, requestData) => {
      const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
      const body = method === 'POST' ? requestData : null;
      const { response, text } = await exchange(path, method, sent, body);
      return {
        getStatusCode: () => response.statusCode,
        getHeaders: () => Object.fromEntries(Object.entries(response.headers).map(([k, v]) => [k, v ?? ''])),
        getRawResponse: () => ({ statusCode: response.statusCode, headers: response.headers }),
        toStream: () => text,
        toJSON: async () => JSON.parse(text),
      };
    },
  };
  return { client, until: (signal, run) => signals.run(signal, run), close: () => pool.destroy() };
}
