// Everything outside that orders needs, as types.

/** Seals a card token to payments' public key; nobody else can read it again. */
export type SealCardToken = (cardToken: string) => Promise<string>;

/** Says that something was appended, so that the relay looks at once. */
export type Poke = () => void;
