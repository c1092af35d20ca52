import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  typeFromAST,
} from 'graphql';

/**
 * graphql-jit 0.8.9 refuses a non-null field of an input object that was left to its default (it asks before it fills).
 * Filling absent fields beforehand gives the same answer compiled or not.
 */
type Fill = (value: unknown) => unknown;

const fillers = new WeakMap<object, Fill | null>();

/** Fills the defaults within a value of the type; null when no default stands anywhere in it. */
function fillerOf(type: GraphQLInputType): Fill | null {
  if (isNonNullType(type)) return fillerOf(type.ofType);
  if (isListType(type)) {
    const inner = fillerOf(type.ofType);
    return inner === null ? null : (value) => (Array.isArray(value) ? value.map(inner) : inner(value));
  }
  if (!isInputObjectType(type)) return null;
  const known = fillers.get(type);
  if (known !== undefined) return known;
  // An input type may hold itself: until it is known it counts as without defaults, which no type of ours contradicts.
  fillers.set(type, null);
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const inner = fillerOf(field.type);
    return inner === null && field.defaultValue === undefined
      ? []
      : [{ name: field.name, inner, preset: field.defaultValue }];
  });
  const fill = fields.length === 0 ? null : (value: unknown) => filled(value, fields);
  fillers.set(type, fill);
  return fill;
}

function filled(
  value: unknown,
  fields: readonly { name: string; inner: Fill | null; preset: unknown }[],
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const { name, inner, preset } of fields) {
    if (copy[name] === undefined) {
      if (preset !== undefined) copy[name] = preset;
    } else if (inner !== null) copy[name] = inner(copy[name]);
  }
  return copy;
}

const documents = new WeakMap<DocumentNode, readonly { name: string; fill: Fill }[]>();

function fillsOf(schema: GraphQLSchema, document: DocumentNode): readonly { name: string; fill: Fill }[] {
  const known = documents.get(document);
  if (known !== undefined) return known;
  const fills = document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    return (definition.variableDefinitions ?? []).flatMap(({ variable, type }) => {
      // Variables are of input types: the document was validated.
      const inputType = typeFromAST(schema, type as never) as GraphQLInputType | undefined;
      const fill = inputType === undefined ? null : fillerOf(inputType);
      return fill === null ? [] : [{ name: variable.name.value, fill }];
    });
  });
  documents.set(document, fills);
  return fills;
}

/** The variables with the defaults of their input objects filled in; undefined when there is nothing to fill. */
export function fillInputDefaults(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, unknown> | undefined {
  const fills = fillsOf(schema, document);
  if (fills.length === 0 || variables == null) return undefined;
  const copy = { ...variables };
  for (const { name, fill } of fills) if (copy[name] !== undefined) copy[name] = fill(copy[name]);
  return copy;
}
