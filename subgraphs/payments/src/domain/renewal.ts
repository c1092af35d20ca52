import type { ForWave } from './wave.ts';

type Data<Fields> = Readonly<Fields>;

export type RenewalCommand =
  /**
   * Asks for new authorisations in the place of those that die by then (RFC 3339, UTC). `young` are the waves whose authorisation has
   * not lived half its life.
   */
  | Data<{ type: 'RenewAuthorisation'; data: Data<{ before: string; young?: readonly number[] }> }>
  /**
   * The provider takes nothing more of it: it died, or was released there. `taken` has the instances of all captures that it
   * shows: any other was not taken and never will be.
   */
  | Data<{ type: 'RecordAuthorisationEnded'; data: Data<{ wave: number; taken: readonly string[] }> }>;

export type RenewalDone =
  | Data<{ type: 'ExpiryNoted'; data: ForWave & Data<{ expiresAt: string }> }>
  | Data<{ type: 'AuthorisationEnded'; data: ForWave }>
  | Data<{ type: 'RenewalRequested'; data: Data<{ wave: number; renews: number; amountMinor: number }> }>
  /**
   * So much of what the old authorisation was good for is the new one's now: what was free of it, and of one that ended also
   * what these shipments were to take.
   */
  | Data<{
      type: 'AuthorisationRenewed';
      data: Data<{ wave: number; amountMinor: number; shipmentIds: readonly string[] }>;
    }>
  | Data<{ type: 'RenewalDeclined'; data: Data<{ wave: number; reason: string }> }>
  /** The card may be asked again for this wave. */
  | Data<{ type: 'RenewalWanted'; data: Data<{ wave: number }> }>;
