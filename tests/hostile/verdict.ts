// What every answer to bad input must be, whatever the input: refused in the contract's words, and silent about our
// inside. The one list of faults, for all tables.
import type { Answer } from '../client/gateway-client.ts';

/** Codes of the contract that say "your request is bad"; INTERNAL_SERVER_ERROR and OVERLOADED say it is us. */
const REFUSALS = new Set([
  ...['UNAUTHENTICATED', 'FORBIDDEN', 'BAD_REQUEST', 'BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED'],
  ...['GRAPHQL_VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'METHOD_NOT_ALLOWED', 'PERSISTED_QUERY_NOT_FOUND'],
  ...['COST_LIMIT_EXCEEDED', 'SUBSCRIPTION_TRANSPORT_REQUIRED'],
]);

/** Traces, addresses, SQL, names of libraries and databases: nobody outside has a use for them but an attacker. */
const INSIDE = [
  /node_modules/,
  /(\n|\\n)\s+at /,
  /\.[cm]?[jt]s:\d+/,
  /127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1\]/,
  /\bE(CONN|NOTFOUND|PIPE|TIMEDOUT)/,
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b\s+["\w(*]/,
  /Postgres|drizzle|mercurius|undici|fastify|apollo/i,
  /violates|duplicate key|invalid byte|invalid input syntax|out of range for type|syntax error at/i,
  /serviceName|stack(t|T)race|"exception"|__resolveReference/,
  /Cannot read prop|is not a function|Maximum call stack|undefined/,
];

const FIRST_SERVER_ERROR = 500;

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every userErrors entry anywhere in the data. */
export function userErrorsIn(data: unknown): { code: string; field: string[] | null }[] {
  if (!isNode(data)) return [];
  return Object.entries(data).flatMap(([name, value]) =>
    // The name belongs to one type of the contract.
    name === 'userErrors' ? (value as { code: string; field: string[] | null }[]) : userErrorsIn(value),
  );
}

/** What is wrong with the manner of an answer, be it a refusal or not; empty when nothing is. */
export function indiscretions({ status, text, errors }: Answer<unknown>, inner: readonly string[]): string[] {
  return [
    ...(status >= FIRST_SERVER_ERROR ? [`HTTP ${status}`] : []),
    ...INSIDE.filter((pattern) => pattern.test(text)).map((pattern) => `shows ${pattern}`),
    ...inner.filter((address) => text.includes(address)).map((address) => `shows ${address}`),
    ...errors
      .filter(({ extensions }) => !REFUSALS.has(extensions.code))
      .map(({ extensions }) => extensions.code),
  ];
}

/** The same, of an answer that has to be a refusal. */
export function faultsOfRefusal(answer: Answer<unknown>, inner: readonly string[]): string[] {
  const isRefused = answer.errors.length > 0 || userErrorsIn(answer.data).length > 0;
  return [...(isRefused ? [] : ['is taken']), ...indiscretions(answer, inner)];
}

/** Many refusals come only after a wait for what might still be on its way. */
const AT_ONCE = 24;

/** Tries every case, several at a time; answers a line for each that went wrong, with what came. */
export async function failuresOf<Case>(
  cases: Iterable<Case>,
  nameOf: (each: Case) => string,
  attempt: (each: Case) => Promise<{ answer: Answer<unknown>; faults: readonly string[] }>,
): Promise<string[]> {
  const failures: string[] = [];
  const queue = Iterator.from(cases);
  const work = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const { answer, faults } = await attempt(next.value);
      if (faults.length > 0)
        failures.push(`${nameOf(next.value)}: ${faults.join(', ')}: ${answer.text.slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failures;
}
