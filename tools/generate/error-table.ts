import { ERROR_CODES } from '@crossdock/values';
import { type EnumTypeDefinitionNode, Kind, parse } from 'graphql';
import { type GeneratedFile, readText } from '../repository.ts';

const GATEWAY_CODES = 'gateway/src/http/public-errors.ts';

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

/**
 * Codes of GraphQL errors with their HTTP status, read from the gateway's source: a tool does not import a process.
 */
async function gatewayCodes(name: 'STATUS_OF_CODE' | 'STATUS_OF_PASSED_ON'): Promise<string[][]> {
  const source = (await readText(GATEWAY_CODES)) ?? '';
  const table = new RegExp(`${name} = \\{([^}]*)\\}`).exec(source)?.[1];
  if (table === undefined) throw new Error(`${GATEWAY_CODES} no longer holds the table ${name}.`);
  return [...table.matchAll(/(\w+): (\d+),/g)].map(([, code = '', status = '']) => [code, status]);
}

/** docs/errors.md: every reason for which a mutation is refused, and every code of a GraphQL error. */
export async function errorTable(): Promise<GeneratedFile> {
  const described = await describedCodes();
  requireSameCodes(described);
  const rows = Object.entries(ERROR_CODES).map(
    ([code, message]) => `| \`${code}\` | ${described.get(code)} | ${message} |`,
  );
  const ofCode = await gatewayCodes('STATUS_OF_CODE');
  const usual = new Map(ofCode.map(([code, status]) => [code, status]));
  const passedOn = (await gatewayCodes('STATUS_OF_PASSED_ON'))
    .filter(([code, status]) => usual.get(code) !== status)
    .map(([code, status]) => `\`${code}\` is ${status}`);
  const errors = ofCode.map(([code, status]) => `| \`${code}\` | ${status} |`);
  const lines = [
    '# Refusals and errors',
    '',
    'Generated from the SDL, `packages/values` and the gateway by `npm run generate`. Programs go by the code; messages are',
    'for people and may say more than is written here.',
    '',
    '## Refusals',
    '',
    'A refusal is data: the mutation answers HTTP 200 with an entry in `userErrors`, and nothing was done.',
    '',
    '| code | when | default message |',
    '|---|---|---|',
    ...rows,
    '',
    '## Errors',
    '',
    'An error stands in `errors[]` with `extensions.code`: the caller may not ask this, asks too much, or something broke.',
    'The status is that of an answer that holds nothing but the error; beside data it is 200. Outside of `/graphql` (webhooks and',
    `documents) ${passedOn.join(', ')}. \`BAD_REQUEST\` may have a status that says more, such as 404, 408 or 415.`,
    '',
    '| code | HTTP status |',
    '|---|---|',
    ...errors,
  ];
  return { path: 'docs/errors.md', text: `${lines.join('\n')}\n` };
}
