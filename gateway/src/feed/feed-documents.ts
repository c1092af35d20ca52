// Documents of feeds: parsed, validated and planned once for each schema.
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { DOCUMENT_TOKENS_MAX, VALIDATION_ERRORS_MAX } from '../http/apollo.ts';
import { type PublicCode, publicError } from '../http/public-errors.ts';
import type { FeedPlan, FeedSchema } from './feed-plans.ts';

const REMEMBERED_MAX = 500;
const ROOT_FIELD = 'orderFeed';

export type FeedDocument = Readonly<{
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** The root field; undefined for an operation that is no feed. */
  field: FieldNode | undefined;
}>;
export type ReadDocument =
  | Readonly<{ ok: true; read: FeedDocument }>
  | Readonly<{ ok: false; errors: readonly GraphQLError[] }>;

export type FeedDocuments = Readonly<{
  /** Parses; validates only what is a subscription, for Apollo Server validates the rest. */
  read: (schema: FeedSchema, query: string, operationName: string | undefined) => ReadDocument;
  /** The plan on a schema; null when the document does not fit it. */
  plan: (schema: FeedSchema, query: string, operationName: string | undefined) => FeedPlan | null;
}>;

export function createFeedDocuments(): FeedDocuments {
  const bySchema = new WeakMap<FeedSchema, LRUCache<string, Known>>();

  function known(schema: FeedSchema, query: string, operationName: string | undefined): Known {
    const cache = bySchema.get(schema) ?? new LRUCache<string, Known>({ max: REMEMBERED_MAX });
    bySchema.set(schema, cache);
    const key = `${operationName ?? ''}\n${query}`;
    const found = cache.get(key) ?? { read: readDocument(schema, query, operationName), plan: null };
    cache.set(key, found);
    return found;
  }

  return {
    read: (schema, query, operationName) => known(schema, query, operationName).read,
    plan: (schema, query, operationName) => {
      const found = known(schema, query, operationName);
      if (!found.read.ok) return null;
      found.plan ??= schema.plan(found.read.read.document, operationName);
      return found.plan;
    },
  };
}

type Known = { readonly read: ReadDocument; plan: FeedPlan | null };

function readDocument(
  { schema }: FeedSchema,
  query: string,
  operationName: string | undefined,
): ReadDocument {
  const document = parsed(query);
  if ('message' in document) return refused('GRAPHQL_PARSE_FAILED', [document]);
  const operation = getOperationAST(document, operationName);
  if (operation == null)
    return refused('BAD_REQUEST', [{ message: 'The document has no such operation, or several.' }]);
  if (operation.operation !== 'subscription')
    return { ok: true, read: { document, operation, field: undefined } };
  const faults = validate(schema, document, undefined, { maxErrors: VALIDATION_ERRORS_MAX });
  if (faults.length > 0) return refused('GRAPHQL_VALIDATION_FAILED', faults);
  return { ok: true, read: { document, operation, field: rootField(document, operation) } };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: DOCUMENT_TOKENS_MAX });
  } catch (error) {
    // graphql-js throws nothing else for a document that it cannot read.
    return error as GraphQLError;
  }
}

const refused = (code: PublicCode, faults: readonly Readonly<{ message: string }>[]): ReadDocument => ({
  ok: false,
  errors: faults.map(({ message }) => publicError(code, message)),
});

/** Validation allows one root field, which may stand in fragments. */
function rootField(document: DocumentNode, operation: OperationDefinitionNode): FieldNode | undefined {
  const pending: SelectionSetNode[] = [operation.selectionSet];
  for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) return selection.name.value === ROOT_FIELD ? selection : undefined;
      if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
      else pending.push(...fragmentsNamed(document, selection.name.value));
    }
  }
  return undefined;
}

const fragmentsNamed = (document: DocumentNode, name: string): SelectionSetNode[] =>
  document.definitions.flatMap((definition) =>
    definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name
      ? [definition.selectionSet]
      : [],
  );
