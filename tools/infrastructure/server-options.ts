import type { Birth } from './keep-alive.ts';

export interface ServerOptions {
  /** Data of the servers, one folder each. */
  readonly folder: string;
  readonly logFolder: string;
  readonly port: number;
  readonly birth: Birth;
  /** Told what takes long or differs from what a person expects. */
  readonly say: (line: string) => void;
}
