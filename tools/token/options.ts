import { parseArgs } from 'node:util';
import { PlainFailure } from '../infrastructure/plain-failure.ts';
import { type ClientClaims, ROLES, type Role } from './client-token.ts';

export const USAGE = `npm run --silent token -- --role <role> [options]     prints a token for a local run

  --role buyer --partner <id>        places and follows the partner's orders
  --role approver --partner <id>     approves the partner's orders
  --role rep --partners <id>,<id>    acts for the partners assigned
  --role erp                         partners, products, prices, receipts, bulk orders, credit limits, payments, refunds
  --role wms --warehouse <id>        one warehouse's shipments
  --role operator                    sees everything, replays and discards dead letters, compares payments

  --ttl <seconds>       how long it is valid (default 43200, twelve hours)
  --subject <name>      who it names as the caller (default: made from role and id)
  --data-dir <folder>   the data folder of the run (default .local/default)`;

export interface TokenOptions {
  readonly help: boolean;
  readonly claims: ClientClaims;
  readonly ttl_s: number;
  readonly dataFolder: string | undefined;
}

const DEFAULT_TTL_S = 43_200;
const LONGEST_TTL_S = 31_536_000;

const FLAGS = {
  role: { type: 'string' },
  partner: { type: 'string' },
  partners: { type: 'string' },
  warehouse: { type: 'string' },
  subject: { type: 'string' },
  ttl: { type: 'string' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parsed>;

/** Reads the flags; rejects what does not fit together with one sentence. */
export function tokenOptions(args: readonly string[]): TokenOptions {
  const values = parsed(args);
  const common = { help: values.help === true, dataFolder: values['data-dir'] };
  if (common.help) return { ...common, claims: { sub: 'help', role: 'operator' }, ttl_s: DEFAULT_TTL_S };
  return { ...common, claims: claimsOf(values), ttl_s: ttlOf(values.ttl) };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true }).values;
  } catch (error) {
    throw new PlainFailure(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function claimsOf(values: Values): ClientClaims {
  const role = roleOf(values.role);
  const named = (id: string) => ({ sub: values.subject ?? `${role}:${id}`, role });
  switch (role) {
    case 'buyer':
    case 'approver': {
      const partner = required(
        values.partner,
        `--role ${role} needs --partner <id>, such as --partner 17850.`,
      );
      return { ...named(partner), partner };
    }
    case 'rep': {
      const list = required(
        values.partners,
        '--role rep needs --partners <id>,<id>, such as --partners 17850,13047.',
      );
      return { ...named('local'), partners: list.split(',').map((id) => id.trim()) };
    }
    case 'wms': {
      const warehouse = required(
        values.warehouse,
        '--role wms needs --warehouse <id>, such as --warehouse LON.',
      );
      return { ...named(warehouse), warehouse };
    }
    case 'erp':
    case 'operator':
      return named('local');
  }
}

function roleOf(text: string | undefined): Role {
  const role = ROLES.find((candidate) => candidate === text);
  if (role) return role;
  throw new PlainFailure(
    `${text === undefined ? 'Say who the token is for' : `"${text}" is no role`}.\n\n${USAGE}`,
  );
}

function required(value: string | undefined, sentence: string): string {
  if (value) return value;
  throw new PlainFailure(sentence);
}

function ttlOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TTL_S;
  const ttl_s = Number(text);
  if (Number.isInteger(ttl_s) && ttl_s >= 1 && ttl_s <= LONGEST_TTL_S) return ttl_s;
  throw new PlainFailure(`--ttl is a number of seconds from 1 to ${LONGEST_TTL_S}.`);
}
