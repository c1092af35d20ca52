import type { Birth } from './keep-alive.ts';

export interface ServerOptions {
  /** Data of the servers, one folder each. */
  readonly folder: string;
  readonly logFolder: string;
  /** Name of the instance: its folder within `folder`, and its log. Default: what the server is. */
  readonly name?: string;
  readonly port: number;
  readonly birth: Birth;
  /** Told what takes long or differs from what a person expects. */
  readonly say: (line: string) => void;
}
