import { importJWK, type JWK, jwtVerify } from 'jose';

export const ROLES = ['buyer', 'approver', 'rep', 'erp', 'wms', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking, as the gateway proved it. */
export type Caller = Readonly<{
  subject: string;
  role: Role;
  /** The partners it speaks for; empty for roles that see all, see `seesPartner`. */
  partnerIds: readonly string[];
  /** With role wms: its warehouse. */
  warehouseId: string | null;
}>;

export const INTERNAL_AUTH_HEADER = 'x-internal-auth';
const GATEWAY_ISSUER = 'crossdock-gateway';
/** Clocks of two machines may differ by minutes; the network between gateway and subgraphs is ours. */
const CLOCK_TOLERANCE_S = 600;
/** Tokens remembered at most; each lives seconds. */
const REMEMBERED_MAX = 2_000;

const SEES_ALL: ReadonlySet<Role> = new Set(['erp', 'operator']);

/** True when the caller may see what belongs to the partner. */
export function seesPartner(caller: Caller, partnerId: string): boolean {
  return SEES_ALL.has(caller.role) || caller.partnerIds.includes(partnerId);
}

/** True when the caller may see every partner's. */
export function seesAllPartners(caller: Caller): boolean {
  return SEES_ALL.has(caller.role);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function callerOf(claims: Record<string, unknown>): Caller {
  const role = ROLES.find((known) => known === claims.role);
  if (role === undefined || typeof claims.sub !== 'string')
    throw new Error('The internal token lacks sub or role');
  return {
    subject: claims.sub,
    role,
    partnerIds: typeof claims.partner === 'string' ? [claims.partner] : strings(claims.partners),
    warehouseId: typeof claims.warehouse === 'string' ? claims.warehouse : null,
  };
}

/** Verifies the gateway's short-lived token (EdDSA, audience = this subgraph); remembers it until it expires. */
export function createCallerReader(publicJwk: JWK, subgraph: string): (token: string) => Promise<Caller> {
  const remembered = new Map<string, { caller: Caller; expiresAt: number }>();
  const key = importJWK(publicJwk, 'EdDSA');
  return async (token) => {
    const known = remembered.get(token);
    if (known !== undefined && known.expiresAt > Date.now()) return known.caller;
    const { payload } = await jwtVerify(token, await key, {
      issuer: GATEWAY_ISSUER,
      audience: subgraph,
      algorithms: ['EdDSA'],
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['exp', 'sub'],
    });
    const caller = callerOf(payload);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(token, { caller, expiresAt: (payload.exp ?? 0) * 1000 });
    return caller;
  };
}
