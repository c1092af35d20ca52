/**
 * What journeys and fault runs need of a local run: to start and stop one as a person does, or its parts one by one,
 * with tokens for it. It prints nothing.
 */
export { AUDIENCE, type ClientClaims, ISSUER, signClientToken as tokenFor } from '../token/client-token.ts';
export { type Keys, keysOf } from '../token/keys.ts';
export { lockDataFolder } from './data-lock.ts';
export { type Platform, startPlatform } from './platform.ts';
export { type RunFile, removeRunFile, writeRunFile } from './run-file.ts';
export { type RunningProcesses, runningProcesses } from './running-processes.ts';
export { migrate, type Service, startService } from './service.ts';
export { planServices, type Services } from './services.ts';
