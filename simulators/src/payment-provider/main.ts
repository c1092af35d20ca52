// Starts the payment provider simulator from the environment; nothing else.
import { paymentProviderConfig } from '../config.ts';
import { runProcess } from '../server/run-process.ts';
import { startPaymentProvider } from './server.ts';

await runProcess(async () => startPaymentProvider(paymentProviderConfig()));
