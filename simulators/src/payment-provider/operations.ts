/** What a request asks of the provider, as faults and gates name it. A renewal is a create; reading by order is a read. */
export const PROVIDER_OPERATIONS = [
  'create',
  'confirm',
  'read',
  'capture',
  'void',
  'refund',
  'report',
] as const;
export type ProviderOperation = (typeof PROVIDER_OPERATIONS)[number];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set for every route that faults and gates apply to. */
    operation?: ProviderOperation;
  }
}
