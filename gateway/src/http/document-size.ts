// How much a document asks for once its fragments are written out. Few words can ask for much: thirty fragments that
// each hold the next twice are a billion fields, and planning them would hold up everybody.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Ten times what a screen full of an order needs; planning so many takes a fraction of a second. */
export const FIELDS_MAX = 1_000;
/** The deepest way through our types that leads anywhere new has 8, an introspection 15. */
export const LEVELS_MAX = 20;

export type DocumentSize = Readonly<{ fields: number; levels: number }>;

const NOTHING: DocumentSize = { fields: 0, levels: 0 };
/** Documents are parsed once and cached, so that the answer is too. */
const known = new WeakMap<OperationDefinitionNode, DocumentSize>();

/** The fields and levels of an operation; aliases and repeats count, whatever @skip and @include may leave out too. */
export function documentSizeOf(document: DocumentNode, operation: OperationDefinitionNode): DocumentSize {
  const seen = known.get(operation);
  if (seen !== undefined) return seen;
  const size = sizer(document)(operation.selectionSet);
  known.set(operation, size);
  return size;
}

function sizer(document: DocumentNode): (set: SelectionSetNode | undefined) => DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  // Each fragment is measured once, however often it is spread; one that holds itself is refused elsewhere.
  const measured = new Map<string, DocumentSize>();

  function sizeOfFragment(name: string): DocumentSize {
    const before = measured.get(name);
    if (before !== undefined) return before;
    measured.set(name, NOTHING);
    const size = sizeOfSet(fragments.get(name)?.selectionSet);
    measured.set(name, size);
    return size;
  }

  function sizeOfSelection(selection: SelectionNode): DocumentSize {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return sizeOfFragment(selection.name.value);
    const inner = sizeOfSet(selection.selectionSet);
    if (selection.kind === Kind.INLINE_FRAGMENT) return inner;
    return { fields: inner.fields + 1, levels: inner.levels + 1 };
  }

  function sizeOfSet(set: SelectionSetNode | undefined): DocumentSize {
    return (set?.selections ?? []).map(sizeOfSelection).reduce(
      (sum, each) => ({
        fields: sum.fields + each.fields,
        levels: Math.max(sum.levels, each.levels),
      }),
      NOTHING,
    );
  }

  return sizeOfSet;
}
