/** One connection through a link: the client's socket, the server's, and a pipe for each direction. */
import type { Socket } from 'node:net';
import { type LinkFault, swallows, type Way } from './link-fault.ts';
import { type Line, openPipe, type Pipe } from './pipe.ts';

export interface CarryOptions {
  /** Accepted and not read yet. */
  readonly client: Socket;
  /** Answers a connected socket, or undefined when no target takes the connection. */
  readonly connect: () => Promise<Socket | undefined>;
  readonly lines: Readonly<Record<Way, Line>>;
  readonly fault: () => LinkFault;
  /** Called once, when nothing of the connection is left. */
  readonly onGone: () => void;
}

export interface Carried {
  /** The fault has changed. */
  readonly adjust: () => void;
  /** Resets both ends. */
  readonly reset: () => void;
}

interface Connection extends CarryOptions {
  server: Socket | undefined;
  pipes: Readonly<Record<Way, Pipe>> | undefined;
  /** It was accepted into a black hole: the client believes in a server that never heard of it. */
  stranded: boolean;
  gone: boolean;
}

/** Carries a connection until both ends are closed. */
export function carry(options: CarryOptions): Carried {
  const connection: Connection = {
    ...options,
    server: undefined,
    pipes: undefined,
    stranded: options.fault().kind === 'black-hole',
    gone: false,
  };
  const { client } = options;
  client.setNoDelay(true);
  client.on('error', () => undefined);
  client.on('close', (broken) => closed(connection, 'to-server', broken));
  if (connection.stranded) client.resume();
  else void join(connection);
  return { adjust: () => adjust(connection), reset: () => reset(connection) };
}

async function join(connection: Connection): Promise<void> {
  const server = await connection.connect();
  if (server === undefined) return reset(connection);
  connection.server = server;
  if (connection.gone) return void server.resetAndDestroy();
  const { client, lines, fault } = connection;
  server.setNoDelay(true);
  server.on('error', () => undefined);
  server.on('close', (broken) => closed(connection, 'to-client', broken));
  const there = { source: client, sink: server, way: 'to-server', line: lines['to-server'], fault } as const;
  const back = { source: server, sink: client, way: 'to-client', line: lines['to-client'], fault } as const;
  connection.pipes = { 'to-server': openPipe(there), 'to-client': openPipe(back) };
  if (fault().kind === 'half-close') connection.pipes['to-server'].end();
}

function adjust(connection: Connection): void {
  const { pipes, fault } = connection;
  if (fault().kind === 'refuse' || mustNotGoOn(connection)) return reset(connection);
  if (fault().kind === 'half-close') pipes?.['to-server'].end();
  for (const pipe of Object.values(pipes ?? {})) pipe.adjust();
}

/** A stream that lost bytes may stay as it is, but must never go on: the reader would take what follows for the rest. */
function mustNotGoOn({ pipes, stranded, fault }: Connection): boolean {
  if (stranded) return fault().kind !== 'black-hole';
  const flows = (way: Way) =>
    !swallows(fault(), way) && !(fault().kind === 'half-close' && way === 'to-server');
  return WAYS.some((way) => pipes?.[way].hasHole() === true && flows(way));
}

const WAYS: readonly Way[] = ['to-server', 'to-client'];

/** The socket that sent `way` is closed. The other one learns it, unless the link loses what goes that way. */
function closed(connection: Connection, way: Way, broken: boolean): void {
  const { client, server, pipes, fault } = connection;
  if (swallows(fault(), way)) pipes?.[way].lose();
  else if (broken) reset(connection);
  if (client.destroyed && (server === undefined || server.destroyed)) finish(connection);
}

function reset(connection: Connection): void {
  finish(connection);
  connection.client.resetAndDestroy();
  connection.server?.resetAndDestroy();
}

function finish(connection: Connection): void {
  if (connection.gone) return;
  connection.gone = true;
  for (const pipe of Object.values(connection.pipes ?? {})) pipe.stop();
  connection.onGone();
}
