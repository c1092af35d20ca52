import { parseMoney } from '@crossdock/values';
import { z } from 'zod';

/** What one attempt to place an order came to. Only `retry` may be sent again, under the same key. */
export type Answer =
  | {
      readonly kind: 'acknowledged';
      readonly orderId: string;
      readonly number: string;
      readonly totalMinor: number;
      readonly replayed: boolean;
    }
  | { readonly kind: 'refused'; readonly codes: readonly string[] }
  | { readonly kind: 'retry'; readonly code: string; readonly afterMs: number }
  | { readonly kind: 'unknown'; readonly codes: readonly string[] };

/** Answers that ask for the same request again; nothing was decided, or its twin still is. */
const ASK_AGAIN = new Set(['OVERLOADED', 'SUBGRAPH_UNAVAILABLE', 'REQUEST_IN_PROGRESS']);
/** Answers of a machine that may have done the work before it broke. */
const MAYBE_DONE = new Set(['INTERNAL_SERVER_ERROR']);

const money = z.object({ amount: z.string(), currencyCode: z.string() });
const reply = z.object({
  data: z
    .object({
      placeOrder: z
        .object({
          order: z.object({ id: z.string(), number: z.string(), total: money }).nullable(),
          replayed: z.boolean(),
          userErrors: z.array(z.object({ code: z.string(), retryAfterMs: z.number().nullish() })),
        })
        .nullish(),
    })
    .nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string().optional(), retryAfterMs: z.number().optional() }).optional(),
      }),
    )
    .optional(),
});
type Payload = NonNullable<NonNullable<z.infer<typeof reply>['data']>['placeOrder']>;
interface Fault {
  readonly code: string;
  readonly retryAfterMs: number;
}

/** Reads the reply to one placeOrder. Text that is no GraphQL reply is a fault of the way and may be retried. */
export function readAnswer(status: number, text: string): Answer {
  const parsed = reply.safeParse(parsedJson(text));
  if (!parsed.success) return { kind: 'retry', code: `HTTP_${status}`, afterMs: 0 };
  const { data, errors = [] } = parsed.data;
  if (data?.placeOrder?.order) return acknowledged(data.placeOrder.order, data.placeOrder.replayed);
  const faults = [...refusalsOf(data?.placeOrder), ...errors.map(faultOf)];
  const codes = faults.map(({ code }) => code);
  const again = faults.find(({ code }) => ASK_AGAIN.has(code));
  if (again !== undefined) return { kind: 'retry', code: again.code, afterMs: again.retryAfterMs };
  if (codes.length === 0) return { kind: 'unknown', codes: ['NO_ORDER_AND_NO_ERROR'] };
  return codes.some((code) => MAYBE_DONE.has(code)) ? { kind: 'unknown', codes } : { kind: 'refused', codes };
}

function acknowledged(order: NonNullable<Payload['order']>, replayed: boolean): Answer {
  const total = parseMoney(order.total.amount, order.total.currencyCode);
  if (total === null) return { kind: 'unknown', codes: ['TOTAL_UNREADABLE'] };
  return {
    kind: 'acknowledged',
    orderId: order.id,
    number: order.number,
    totalMinor: Number(total.minor),
    replayed,
  };
}

function refusalsOf(payload: Payload | null | undefined): readonly Fault[] {
  return (payload?.userErrors ?? []).map(({ code, retryAfterMs }) => ({
    code,
    retryAfterMs: retryAfterMs ?? 0,
  }));
}

function faultOf({
  extensions,
}: {
  extensions?: { code?: string | undefined; retryAfterMs?: number | undefined } | undefined;
}): Fault {
  return { code: extensions?.code ?? 'INTERNAL_SERVER_ERROR', retryAfterMs: extensions?.retryAfterMs ?? 0 };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
