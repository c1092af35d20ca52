/** One direction of one connection: bytes in their order, late, slow or lost as the link's fault says. */
import type { Socket } from 'node:net';
import { delayOf, type LinkFault, lineTimeOf, pieceOf, swallows, type Way } from './link-fault.ts';

/** One direction of a link, shared by its connections: a slow line is slow for all of them together. */
export interface Line {
  free_at_ms: number;
}

export interface PipeOptions {
  readonly source: Socket;
  readonly sink: Socket;
  readonly way: Way;
  readonly line: Line;
  /** The link's fault as it is now. */
  readonly fault: () => LinkFault;
}

export interface Pipe {
  /** Bytes, or an end, were swallowed here: what comes later must not be delivered as if they had been. */
  readonly hasHole: () => boolean;
  /** The fault has changed. */
  readonly adjust: () => void;
  /** The source is gone without an orderly end. */
  readonly lose: () => void;
  /** Ends the sink's stream at once; what is still under way is lost. */
  readonly end: () => void;
  readonly stop: () => void;
}

/** The source is not read while more than this is under way, so that a slow reader slows its writer. */
const WAITING_BYTES_MAX = 256 * 1024;

interface Parcel {
  /** Null: the source's end. */
  bytes: Buffer | null;
  readonly arrived_ms: number;
  readonly draw: number;
}

interface State extends PipeOptions {
  readonly waiting: Parcel[];
  waiting_bytes: number;
  blocked: boolean;
  hole: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Carries what `source` sends to `sink` until it is stopped. */
export function openPipe(options: PipeOptions): Pipe {
  const state: State = {
    ...options,
    waiting: [],
    waiting_bytes: 0,
    blocked: false,
    hole: false,
    timer: undefined,
  };
  const { source, sink } = options;
  source.on('data', (bytes: Buffer) => arrived(state, bytes));
  source.on('end', () => arrived(state, null));
  sink.on('drain', () => {
    state.blocked = false;
    pump(state);
  });
  source.resume();
  return {
    hasHole: () => state.hole,
    adjust: () => {
      if (swallows(state.fault(), state.way) && state.waiting.length > 0) swallow(state);
      pump(state);
    },
    lose: () => {
      state.hole = true;
    },
    end: () => {
      swallow(state);
      state.hole = true;
      sink.end();
    },
    stop: () => {
      clearTimeout(state.timer);
      state.waiting.length = 0;
    },
  };
}

function arrived(state: State, bytes: Buffer | null): void {
  if (state.hole || swallows(state.fault(), state.way)) {
    state.hole = true;
    return;
  }
  state.waiting.push({ bytes, arrived_ms: Date.now(), draw: Math.random() });
  state.waiting_bytes += bytes?.length ?? 0;
  if (state.waiting_bytes > WAITING_BYTES_MAX) state.source.pause();
  pump(state);
}

function swallow(state: State): void {
  if (state.waiting.length > 0) state.hole = true;
  state.waiting.length = 0;
  state.waiting_bytes = 0;
  state.source.resume();
}

/** Delivers what is due; sets a timer for the next that is not. */
function pump(state: State): void {
  clearTimeout(state.timer);
  while (!state.blocked) {
    const parcel = state.waiting[0];
    if (parcel === undefined) break;
    const wait_ms = dueAt(state, parcel) - Date.now();
    if (wait_ms > 0) {
      state.timer = setTimeout(() => pump(state), wait_ms);
      break;
    }
    deliver(state, parcel);
  }
  if (state.waiting_bytes <= WAITING_BYTES_MAX) state.source.resume();
}

function dueAt({ fault, line }: State, parcel: Parcel): number {
  const late = parcel.arrived_ms + delayOf(fault(), parcel.draw);
  return fault().kind === 'bandwidth' ? Math.max(late, line.free_at_ms) : late;
}

function deliver(state: State, parcel: Parcel): void {
  const { sink, line, waiting } = state;
  if (parcel.bytes === null) {
    waiting.shift();
    sink.end();
    return;
  }
  const piece = parcel.bytes.subarray(0, pieceOf(state.fault()));
  parcel.bytes = parcel.bytes.subarray(piece.length);
  if (parcel.bytes.length === 0) waiting.shift();
  state.waiting_bytes -= piece.length;
  line.free_at_ms = Math.max(Date.now(), line.free_at_ms) + lineTimeOf(state.fault(), piece.length);
  state.blocked = !sink.write(piece);
}
