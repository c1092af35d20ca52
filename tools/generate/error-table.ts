import { ERROR_CODES } from '@crossdock/values';
import { type EnumTypeDefinitionNode, Kind, parse } from 'graphql';
import { type GeneratedFile, readText } from '../repository.ts';

/** Code and description of every member of the SDL's `ErrorCode`. */
async function describedCodes(): Promise<Map<string, string>> {
  const document = parse((await readText('schema/common.graphql')) ?? '');
  const codes = document.definitions.find(
    (node): node is EnumTypeDefinitionNode =>
      node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'ErrorCode',
  );
  return new Map((codes?.values ?? []).map((code) => [code.name.value, code.description?.value ?? '']));
}

function requireSameCodes(described: ReadonlyMap<string, string>): void {
  const known: readonly string[] = Object.keys(ERROR_CODES);
  const onlyInSdl = [...described.keys()].filter((code) => !known.includes(code));
  const onlyInCode = known.filter((code) => !described.has(code));
  if (onlyInSdl.length + onlyInCode.length === 0) return;
  throw new Error(
    `ErrorCode of schema/common.graphql and ERROR_CODES of packages/values differ: ` +
      `only in the SDL [${onlyInSdl.join(', ')}], only in code [${onlyInCode.join(', ')}].`,
  );
}

/** docs/errors.md: every reason for which a mutation is refused. */
export async function errorTable(): Promise<GeneratedFile> {
  const described = await describedCodes();
  requireSameCodes(described);
  const rows = Object.entries(ERROR_CODES).map(
    ([code, message]) => `| \`${code}\` | ${described.get(code)} | ${message} |`,
  );
  const lines = [
    '# Refusals',
    '',
    'Generated from the SDL and `packages/values` by `npm run generate`. A refusal is data: the mutation answers HTTP 200',
    'with one entry in `userErrors`, and nothing was done. The message may say more; programs go by the code.',
    '',
    '| code | when | default message |',
    '|---|---|---|',
    ...rows,
  ];
  return { path: 'docs/errors.md', text: `${lines.join('\n')}\n` };
}
