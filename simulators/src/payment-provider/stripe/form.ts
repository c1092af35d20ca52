// Stripe's requests: application/x-www-form-urlencoded with brackets for what is nested, in bodies and in queries alike.

export interface Form {
  /** Everything but metadata and expand, by its name with brackets: `payment_method_options[card][…]`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly expand: readonly string[];
}

const METADATA = /^metadata\[([^[\]]+)\]$/;
const EXPAND = /^expand\[\d*\]$/;

export function readForm(text: string): Form {
  const fields = new Map<string, string>();
  const metadata = new Map<string, string>();
  const expand: string[] = [];
  for (const [name, value] of new URLSearchParams(text)) {
    const key = METADATA.exec(name)?.[1];
    if (key !== undefined) metadata.set(key, value);
    else if (EXPAND.test(name)) expand.push(value);
    else fields.set(name, value);
  }
  return { fields: Object.fromEntries(fields), metadata: Object.fromEntries(metadata), expand };
}

/** The query of an address, without its question mark. */
export function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}
