import { accept, type Decision, type Message } from '@crossdock/event-sourcing';

export type WarehouseStatus = 'OPEN' | 'PAUSED' | 'DOWN';

/** A place that ships; a lower priority is tried first. `version` counts its facts; 0 before the first. */
export type Warehouse = Readonly<{
  warehouseId: string;
  name: string;
  country: string | null;
  priority: number;
  status: WarehouseStatus;
  version: number;
}>;

export type DescribeWarehouse = Message<
  'DescribeWarehouse',
  { warehouseId: string; name: string; country: string | null; priority: number }
>;
type Described = {
  warehouseId: string;
  name: string;
  country: string | null;
  priority: number;
  status: WarehouseStatus;
};
export type WarehouseEvent =
  | Message<'WarehouseRegistered', Described>
  | Message<'WarehouseRevised', Described>;

function isSame(state: Warehouse, described: DescribeWarehouse['data']): boolean {
  return (
    state.name === described.name &&
    state.country === described.country &&
    state.priority === described.priority
  );
}

/** The ERP's word on a warehouse: registered when new, revised when it differs, nothing when it says the same again. */
export const warehouseRules = {
  initialState: null as Warehouse | null,
  decide: (command: DescribeWarehouse, state: Warehouse | null): Decision<WarehouseEvent, never> => {
    const { warehouseId, name, country, priority } = command.data;
    const described = { warehouseId, name, country, priority };
    if (state === null)
      return accept({ type: 'WarehouseRegistered', data: { ...described, status: 'OPEN' } });
    if (isSame(state, described)) return accept();
    return accept({ type: 'WarehouseRevised', data: { ...described, status: state.status } });
  },
  evolve: (state: Warehouse | null, event: WarehouseEvent): Warehouse | null => ({
    ...event.data,
    version: (state?.version ?? 0) + 1,
  }),
};
