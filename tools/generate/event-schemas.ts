import { FACTS, SCHEMA_VERSION, SOURCES, type Source } from '@crossdock/contracts';
import { z } from 'zod';
import type { GeneratedFile } from '../repository.ts';

export type JsonSchema = Readonly<{
  type?: string | readonly string[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
  enum?: readonly unknown[];
}>;

export type PublishedEvent = Readonly<{ type: string; source: Source; schema: JsonSchema }>;

/** `OrderPlaced` becomes `order-placed`. */
const kebabCase = (name: string) => name.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase();

/** Every event that crosses a boundary, in the order the contracts name them. */
export function publishedEvents(): PublishedEvent[] {
  return SOURCES.flatMap((source) =>
    Object.entries<z.ZodType>(FACTS[source]).map(([type, shape]) => ({
      type,
      source,
      // Seen by a reader (`input`), who must put up with fields that a newer writer adds.
      schema: z.toJSONSchema(shape, { io: 'input', target: 'draft-2020-12' }) as JsonSchema,
    })),
  );
}

function schemaFile({ type, source, schema }: PublishedEvent): GeneratedFile {
  const text = {
    title: type,
    description: `Said by ${source}. Schema version ${SCHEMA_VERSION}.`,
    ...schema,
  };
  return { path: `schema/events/${kebabCase(type)}.json`, text: `${JSON.stringify(text, null, 2)}\n` };
}

export const eventSchemas = (): GeneratedFile[] => publishedEvents().map(schemaFile);
