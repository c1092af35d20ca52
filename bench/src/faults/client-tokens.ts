// Tokens of those who act in a fault run, signed by the issuer of its data folder.
import { issuedToken } from '../platform/erp-token.ts';

/** The ERP places orders, an operator looks after what is stuck. */
export async function clientTokens(dataDir: string): Promise<Readonly<{ erp: string; operator: string }>> {
  const [erp, operator] = await Promise.all([issuedToken(dataDir, 'erp'), issuedToken(dataDir, 'operator')]);
  return { erp, operator };
}
