import type { PickName, ShipmentOrder, WmsLine } from './journal-lines.ts';
import { accepted, evolve, type Known, type Pick } from './pick.ts';

/** A batch that was sent, or is about to be: its content never changes under its key. */
export interface ConfirmationBatch {
  readonly idempotencyKey: string;
  readonly warehouseId: string;
  readonly shipments: readonly PickName[];
}

/** All picks of all warehouses, folded from the journal: the same fold live and at a start. Warehouses share nothing. */
export class PickBook {
  readonly #picks = new Map<string, Pick>();
  readonly #latestInWarehouse = new Map<string, number>();
  readonly #latestEpoch = new Map<string, number>();
  readonly #recalled = new Set<string>();
  readonly #openBatches = new Map<string, ConfirmationBatch>();

  apply(line: WmsLine): void {
    switch (line.kind) {
      case 'accepted':
        this.#accept(line);
        return;
      case 'confirming':
        this.#openBatches.set(line.idempotencyKey, line);
        for (const name of line.shipments) this.#evolve(name, line);
        return;
      case 'recalled':
        this.#recalled.add(keyOf(line));
        if (this.#picks.has(keyOf(line))) this.#evolve(line, line);
        return;
      default:
        this.#evolve(line, line);
    }
  }

  pick(name: PickName): Pick | undefined {
    return this.#picks.get(keyOf(name));
  }

  isRecalled(name: PickName): boolean {
    return this.#recalled.has(keyOf(name));
  }

  /** The pick of the shipment's highest epoch, in whichever warehouse. */
  latest(shipmentId: string): Pick | undefined {
    const releaseEpoch = this.#latestEpoch.get(shipmentId);
    return releaseEpoch === undefined ? undefined : this.pick({ shipmentId, releaseEpoch });
  }

  known(order: ShipmentOrder): Known {
    const { shipmentId, warehouseId } = order;
    const releaseEpoch = this.#latestInWarehouse.get(`${warehouseId}\n${shipmentId}`);
    const latest = releaseEpoch === undefined ? undefined : this.pick({ shipmentId, releaseEpoch });
    return { same: this.pick(order), latest, recalled: this.isRecalled(order) };
  }

  /** Picks that nobody has asked Crossdock about, or must ask again. */
  picking(): Pick[] {
    return [...this.#picks.values()].filter(({ status }) => status === 'PICKING');
  }

  /** Batches without an answer for every row; the others are forgotten. */
  openBatches(): ConfirmationBatch[] {
    for (const [key, batch] of this.#openBatches) {
      if (this.undecidedOf(batch).length === 0) this.#openBatches.delete(key);
    }
    return [...this.#openBatches.values()];
  }

  undecidedOf({ idempotencyKey, shipments }: ConfirmationBatch): Pick[] {
    return shipments.flatMap((name) => {
      const pick = this.pick(name);
      return pick?.status === 'CONFIRMING' && pick.batchKey === idempotencyKey ? [pick] : [];
    });
  }

  close({ idempotencyKey }: ConfirmationBatch): void {
    this.#openBatches.delete(idempotencyKey);
  }

  #accept(line: Extract<WmsLine, { kind: 'accepted' }>): void {
    const { shipmentId, warehouseId, releaseEpoch } = line;
    const inWarehouse = `${warehouseId}\n${shipmentId}`;
    this.#picks.set(keyOf(line), accepted(line));
    this.#latestInWarehouse.set(
      inWarehouse,
      Math.max(releaseEpoch, this.#latestInWarehouse.get(inWarehouse) ?? 0),
    );
    this.#latestEpoch.set(shipmentId, Math.max(releaseEpoch, this.#latestEpoch.get(shipmentId) ?? 0));
  }

  #evolve(name: PickName, line: Parameters<typeof evolve>[1]): void {
    const pick = this.pick(name);
    if (pick === undefined) throw new Error(`Journal line ${line.seq} names an unknown pick.`);
    this.#picks.set(keyOf(name), evolve(pick, line));
  }
}

function keyOf({ shipmentId, releaseEpoch }: PickName): string {
  return `${shipmentId}\n${releaseEpoch}`;
}
