import type { CardOperation } from './card-operation.ts';

/** A call to the provider that waits for a person: refused for good, or unanswered too long. */
export type HeldCall = Readonly<{
  operation: CardOperation;
  instance: string;
  reason: string;
  owner: string;
}>;
