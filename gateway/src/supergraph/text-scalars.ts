// graphql-js lets whatever JSON can hold pass as a value of a scalar that it does not know: numbers, lists, objects of
// any depth. Ours are texts; what a text says is checked where it is used.
import { GraphQLError, type GraphQLSchema, isScalarType, isSpecifiedScalarType, Kind } from 'graphql';

/** Makes the schema's own scalars refuse everything but texts, in variables and in documents. */
export function takeTextsOnly(schema: GraphQLSchema): void {
  for (const scalar of Object.values(schema.getTypeMap())) {
    if (!isScalarType(scalar) || isSpecifiedScalarType(scalar)) continue;
    const text = (value: unknown): string => {
      if (typeof value === 'string') return value;
      throw new GraphQLError(`${scalar.name} is a text.`);
    };
    scalar.parseValue = text;
    scalar.parseLiteral = (node) => text(node.kind === Kind.STRING ? node.value : undefined);
  }
}
