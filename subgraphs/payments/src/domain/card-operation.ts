/** What a card's provider is asked for. */
export type CardOperation = 'authorise' | 'capture' | 'void' | 'refund';
