// Which of an order's reservations its claimed units belong to: each wave is paid for by itself, and only its own plans ship it.
import { added, atMost, lessBySku, split } from './claims.ts';
import { type Claim, openUnits, type Reservation } from './reservation.ts';

type Claimed = Pick<Reservation, 'lines' | 'shipments' | 'wave'>;

/** Most orders have no other, so its lines and shipments say no wave. */
export const FIRST_WAVE = 1;

const waveOf = ([, , , wave = FIRST_WAVE]: Claim) => wave;

/** Lines as they stand in a reservation once a wave has claimed them. */
export function claimedIn(wave: number, lines: readonly Claim[]): readonly Claim[] {
  if (wave === FIRST_WAVE) return lines;
  return lines.map(([sku, quantity, unitPriceMinor = null]): Claim => [sku, quantity, unitPriceMinor, wave]);
}

/** The lines without their waves; what was claimed in several is one line. */
function waveless(lines: readonly Claim[]): readonly Claim[] {
  return lines.reduce<readonly Claim[]>((sum, [sku, quantity, price]) => {
    const line: Claim = price == null ? [sku, quantity] : [sku, quantity, price];
    return added(sum, [line]);
  }, []);
}

/** Units of each SKU that one wave claimed and no warehouse was assigned yet. */
export function openInWave(claim: Claimed, wave: number): Map<string, number> {
  if (claim.wave <= FIRST_WAVE && wave === FIRST_WAVE) return openUnits(claim);
  return openUnits({
    lines: claim.lines.filter((line) => waveOf(line) === wave),
    shipments: claim.shipments.filter((shipment) => (shipment.wave ?? FIRST_WAVE) === wave),
  });
}

/**
 * At most the given units of each SKU, taken from what no warehouse was assigned, and the lines without them. The newest wave's go
 * first: it is the least likely to be paid for or planned, and its units are the order's newest claim.
 */
export function splitOpen(
  claim: Claimed,
  wanted: ReadonlyMap<string, number>,
): Readonly<{ taken: readonly Claim[]; left: readonly Claim[] }> {
  if (claim.wave <= FIRST_WAVE) return split(claim.lines, atMost(wanted, openUnits(claim)));
  const waves = new Set(claim.lines.map(waveOf));
  const taken: Claim[] = [];
  const left: Claim[] = [];
  let rest = wanted;
  for (const wave of [...waves].sort((one, other) => other - one)) {
    const lines = claim.lines.filter((line) => waveOf(line) === wave);
    const part = split(lines, atMost(rest, openInWave(claim, wave)));
    rest = lessBySku(rest, part.taken);
    taken.push(...part.taken);
    left.unshift(...part.left);
  }
  return { taken: waveless(taken), left };
}
