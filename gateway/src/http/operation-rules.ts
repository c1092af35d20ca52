// Runs with every operation of Apollo Server: roles, introspection and transport before it, tidy errors after it.
import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { DocumentNode, GraphQLError, OperationDefinitionNode } from 'graphql';
import { refusedField } from '../auth/roles.ts';
import { rootFieldsOf } from '../auth/root-fields.ts';
import type { RequestContext } from '../subgraphs/request-context.ts';
import { documentSizeOf, FIELDS_MAX, LEVELS_MAX } from './document-size.ts';
import { formatPublicError, publicCodeOf, publicError } from './public-errors.ts';
import { brokenValues } from './public-results.ts';

export type RuleOptions = Readonly<{
  /** True opens introspection to every role; an operator may always introspect. */
  introspection: boolean;
  onInternalError: (requestId: string, error: unknown) => void;
}>;

/** Why the caller may not run the operation; null when it may. */
export function operationRefusal(
  context: RequestContext,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  introspection: boolean,
): GraphQLError | null {
  const { role } = context.caller;
  const asked = rootFieldsOf(document, operation);
  if (asked.introspects && !introspection && role !== 'operator') {
    return publicError('GRAPHQL_VALIDATION_FAILED', 'Introspection is off for your role.');
  }
  const refused = refusedField(role, asked.fields);
  if (refused !== undefined) return publicError('FORBIDDEN', `The role ${role} may not use ${refused}.`);
  return sizeRefusal(document, operation);
}

/** Before anything is planned: planning is what a large document costs. */
function sizeRefusal(document: DocumentNode, operation: OperationDefinitionNode): GraphQLError | null {
  const { fields, levels } = documentSizeOf(document, operation);
  if (fields <= FIELDS_MAX && levels <= LEVELS_MAX) return null;
  return publicError(
    'COST_LIMIT_EXCEEDED',
    `A document asks for at most ${FIELDS_MAX} fields, fragments written out, in at most ${LEVELS_MAX} levels.`,
  );
}

export function operationRules(options: RuleOptions): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = {
    didResolveOperation: async ({ contextValue, document, operation }) => {
      // The type says there is one; a document without the named operation comes here, too.
      const found = operation as OperationDefinitionNode | undefined;
      if (found === undefined)
        throw publicError('BAD_REQUEST', 'The document has no such operation, or several.');
      if (found.operation === 'subscription') {
        throw publicError(
          'SUBSCRIPTION_TRANSPORT_REQUIRED',
          'Ask for a subscription by WebSocket, text/event-stream or multipart/mixed.',
        );
      }
      const refusal = operationRefusal(contextValue, document, found, options.introspection);
      if (refusal !== null) throw refusal;
    },
    didEncounterErrors: async ({ contextValue, errors }) => {
      for (const error of errors) {
        if (publicCodeOf(error) !== 'INTERNAL_SERVER_ERROR') continue;
        options.onInternalError(contextValue.requestId, error);
      }
    },
    willSendResponse: async ({ contextValue, response }) => {
      if (response.body.kind !== 'single') return;
      const result = response.body.singleResult;
      const broken = brokenValues(result);
      delete result.extensions;
      if (broken.length > 0) {
        options.onInternalError(contextValue.requestId, broken);
        result.errors = [...(result.errors ?? []), ...broken];
      }
      if (result.errors === undefined) return;
      result.errors = result.errors.map((error) => formatPublicError(error, contextValue.requestId));
    },
  };
  return { requestDidStart: async () => listener };
}
