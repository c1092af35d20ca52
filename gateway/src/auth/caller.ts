// Who asks: what a verified token says about its bearer. It decides nothing; roles.ts does.
import { z } from 'zod';

export const ROLES = ['buyer', 'approver', 'rep', 'erp', 'wms', 'operator'] as const;
export type Role = (typeof ROLES)[number];

export type Caller = Readonly<{
  subject: string;
  role: Role;
  /** The partner a buyer or approver speaks for. */
  partner?: string | undefined;
  /** The partners assigned to a rep. */
  partners?: readonly string[] | undefined;
  /** The warehouse of a WMS. */
  warehouse?: string | undefined;
  /** When the token ends, in seconds since 1970. */
  expiresAt: number;
  /** Equal for callers whom every subgraph must treat alike. */
  identity: string;
}>;

const code = z.string().min(1).max(64);
const SUBJECT_LENGTH_MAX = 255;
/** A rep's token must fit into a header. */
const REP_PARTNERS_MAX = 200;

const everybody = { sub: z.string().min(1).max(SUBJECT_LENGTH_MAX), exp: z.number() };
const claims = z.discriminatedUnion('role', [
  z.object({ ...everybody, role: z.enum(['buyer', 'approver']), partner: code }),
  z.object({ ...everybody, role: z.literal('rep'), partners: z.array(code).max(REP_PARTNERS_MAX) }),
  z.object({ ...everybody, role: z.literal('wms'), warehouse: code }),
  z.object({ ...everybody, role: z.enum(['erp', 'operator']) }),
]);

/** Reads the claims of a verified token; null when they do not say who the bearer is. */
export function callerOf(payload: unknown): Caller | null {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return null;
  const { sub: subject, exp: expiresAt, ...said } = parsed.data;
  return { ...said, subject, expiresAt, identity: JSON.stringify([subject, said]) };
}

/** The partners the caller may see; 'all' for those who see every one. A WMS sees none. */
export function visiblePartners(caller: Caller): ReadonlySet<string> | 'all' {
  if (caller.role === 'erp' || caller.role === 'operator') return 'all';
  if (caller.role === 'rep') return new Set(caller.partners);
  return new Set(caller.partner === undefined ? [] : [caller.partner]);
}
