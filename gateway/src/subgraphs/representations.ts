// Entities are asked for once each: an order of ten lines with one product sends one representation, not ten.

export type SubgraphError = Readonly<{
  message: string;
  path?: readonly (string | number)[];
  extensions?: Readonly<Record<string, unknown>>;
}>;
export type SubgraphAnswer = {
  data?: Record<string, unknown> | null;
  errors?: readonly SubgraphError[];
};

export type Distinct = Readonly<{
  distinct: readonly unknown[];
  /** For each representation its place among the distinct ones. */
  places: readonly number[];
}>;

/** The distinct representations; null when none repeats. */
export function distinctRepresentations(representations: readonly unknown[]): Distinct | null {
  const seen = new Map<string, number>();
  const distinct: unknown[] = [];
  const places = representations.map((representation) => {
    const key = JSON.stringify(representation);
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, distinct.length);
    return distinct.push(representation) - 1;
  });
  return distinct.length === representations.length ? null : { distinct, places };
}

/** Undoes the above on an answer: entities and the errors about them stand where they were asked for. */
export function expandAnswer(answer: SubgraphAnswer, places: readonly number[]): SubgraphAnswer {
  const entities = answer.data?._entities;
  const expanded: SubgraphAnswer = {};
  if (answer.data !== undefined) expanded.data = answer.data;
  if (Array.isArray(entities))
    expanded.data = { ...answer.data, _entities: places.map((place) => entities[place]) };
  if (answer.errors !== undefined)
    expanded.errors = answer.errors.flatMap((error) => repeated(error, places));
  return expanded;
}

function repeated(error: SubgraphError, places: readonly number[]): SubgraphError[] {
  const [root, entity, ...rest] = error.path ?? [];
  if (root !== '_entities' || typeof entity !== 'number') return [error];
  return places.flatMap((place, index) =>
    place === entity ? [{ ...error, path: [root, index, ...rest] }] : [],
  );
}
