/** What journeys need of a local run: to start and stop one as a person does, with tokens for it. It prints nothing. */
export { type ClientClaims, signClientToken as tokenFor } from '../token/client-token.ts';
export { type Platform, startPlatform } from './platform.ts';
export type { RunFile } from './run-file.ts';
