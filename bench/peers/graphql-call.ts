import type { Pool } from 'undici';
import { z } from 'zod';

const reply = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

export interface GraphqlReply {
  readonly data: Readonly<Record<string, unknown>>;
  /** The token of a session that the answer opened. */
  readonly token: string | undefined;
}

/** Sends one operation; rejects with the messages of its errors. */
export async function callGraphql(
  pool: Pool,
  path: string,
  call: Readonly<{ query: string; variables?: object; token?: string | undefined }>,
): Promise<GraphqlReply> {
  const { query, variables = {}, token } = call;
  const response = await pool.request({
    ...{ method: 'POST', path, body: JSON.stringify({ query, variables }) },
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  const { data, errors = [] } = reply.parse(await response.body.json());
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('; '));
  const given = response.headers['vendure-auth-token'];
  return { data: data ?? {}, token: typeof given === 'string' ? given : undefined };
}
