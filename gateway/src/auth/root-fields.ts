// What an operation asks for at its root, through fragments and whatever the aliases say.
import type {
  DocumentNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';
import { Kind } from 'graphql';

const ROOT_TYPES = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;
const INTROSPECTION = new Set(['__schema', '__type']);

export type RootFields = Readonly<{
  /** Such as `Query.order`; without the meta fields. Fields that @skip or @include may leave out count. */
  fields: readonly string[];
  introspects: boolean;
}>;

/** Documents are parsed once and cached, so that the answer is too. */
const known = new WeakMap<OperationDefinitionNode, RootFields>();

export function rootFieldsOf(document: DocumentNode, operation: OperationDefinitionNode): RootFields {
  const seen = known.get(operation);
  if (seen !== undefined) return seen;
  const names = rootNames(document, operation);
  const fields = [...names]
    .filter((name) => !name.startsWith('__'))
    .map((name) => `${ROOT_TYPES[operation.operation]}.${name}`);
  const found = { fields, introspects: [...names].some((name) => INTROSPECTION.has(name)) };
  known.set(operation, found);
  return found;
}

function rootNames(document: DocumentNode, operation: OperationDefinitionNode): Set<string> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const names = new Set<string>();
  const visited = new Set<SelectionSetNode>();
  const pending: (SelectionSetNode | undefined)[] = [operation.selectionSet];
  for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
    if (visited.has(set)) continue;
    visited.add(set);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
      else pending.push(fragments.get(selection.name.value)?.selectionSet);
    }
  }
  return names;
}
