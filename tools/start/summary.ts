/** What a started run says within one screen: what happened to the orders, where it listens, what to try, how to stop. */
import type { FollowedOrder } from './first-orders.ts';

export interface Screen {
  readonly gatewayUrl: string;
  readonly orders: readonly FollowedOrder[];
  /** A buyer to try things as, and a token of its own that lives an hour. */
  readonly partnerId: string;
  readonly buyerToken: string;
  /** ` --data-dir …` where the run has another folder than the default, for the commands to paste. */
  readonly dataDirFlag: string;
  readonly logFolder: string;
  readonly started_s: number;
}

const MAX_REASONS = 3;

/** The screen as text, at most 40 lines of 100 columns (the token alone is longer and wraps). */
export function screenOf(screen: Screen): string {
  const { gatewayUrl, partnerId, dataDirFlag } = screen;
  const token = (flags: string) => `npm run --silent token -- ${flags}${dataDirFlag}`;
  return [
    '',
    ...aboutOrders(screen.orders),
    `Crossdock listens on ${gatewayUrl}/graphql (started in ${screen.started_s} s)`,
    '',
    'Tokens       (paste one, in another terminal)',
    `  a buyer    ${token(`--role buyer --partner ${partnerId}`)}`,
    `  a rep      ${token(`--role rep --partners ${partnerId},13047`)}`,
    `  the ERP    ${token('--role erp')}`,
    `  operator   ${token('--role operator')}`,
    '',
    "Place an order  (pasted twice it is still one order; the buyer's token is good for an hour)",
    '',
    `TOKEN=${screen.buyerToken}`,
    '',
    `curl -s ${gatewayUrl}/graphql -H "authorization: Bearer $TOKEN" \\`,
    `  -H 'content-type: application/json' -d '{ "query":`,
    '  "mutation($i:PlaceOrderInput!){placeOrder(input:$i){order{number status}userErrors{message}}}",',
    '  "variables": { "i": { "idempotencyKey": "my-first-order", "waitFor": "CONFIRMED",',
    `    "lines": [{ "sku": "85123A", "quantity": 6 }, { "sku": "22423", "quantity": 2 }] } } }'; echo`,
    '',
    'Watch it live   (before you place another; an id: line is the cursor to resume from)',
    '',
    `curl -sN ${gatewayUrl}/graphql -H "authorization: Bearer $TOKEN" \\`,
    `  -H 'accept: text/event-stream' -H 'content-type: application/json' -d '{ "query":`,
    '  "subscription{orderFeed{...on FeedOpened{cursor}...on OrderEvent{orderNumber type status}}}" }\'',
    '',
    `Logs are in ${screen.logFolder}. Ctrl-C stops everything; the data stay for the next start.`,
    '',
  ].join('\n');
}

function aboutOrders(orders: readonly FollowedOrder[]): string[] {
  if (orders.length === 0) return [];
  const shipped = orders.filter(({ status }) => status === 'SHIPPED');
  const others = orders.filter(({ status }) => status !== 'SHIPPED');
  const value = orders.reduce((sum, { total }) => sum + Number(total.amount), 0);
  const lines = orders.reduce((sum, order) => sum + order.lines.length, 0);
  const toConfirmed = shipped.map((order) => timeTo(order, 'OrderConfirmed'));
  const toShipped = shipped.map((order) => timeTo(order, 'OrderShipped'));
  return [
    `${orders.length} real orders (${lines} lines, £${value.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}) were placed: ${shipped.length} SHIPPED${others.length > 0 ? `, ${reasonsOf(others)}` : ''}.`,
    ...(shipped.length > 0
      ? [
          `Median time from placed: ${median(toConfirmed)} ms to CONFIRMED, ${median(toShipped)} ms to SHIPPED.`,
        ]
      : []),
    '',
  ];
}

function reasonsOf(orders: readonly FollowedOrder[]): string {
  const counts = new Map<string, number>();
  for (const { status, statusReason } of orders) {
    const reason = statusReason ? `${status} (${statusReason})` : status;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const most = [...counts].sort((left, right) => right[1] - left[1]).slice(0, MAX_REASONS);
  return most.map(([reason, count]) => `${count} ${reason}`).join(', ');
}

function timeTo(order: FollowedOrder, fact: string): number {
  const at = order.timeline.findLast(({ type }) => type === fact)?.occurredAt;
  return at === undefined ? Number.NaN : Date.parse(at) - Date.parse(order.placedAt);
}

function median(values: readonly number[]): number | string {
  const known = values.filter((value) => !Number.isNaN(value)).sort((left, right) => left - right);
  return known[Math.floor(known.length / 2)] ?? '?';
}
