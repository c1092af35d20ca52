// What `npm run check` consists of. A step is one or more commands, run one after the other.

export type Step = Readonly<{ name: string; commands: readonly (readonly string[])[] }>;

const ARROWS_FROM = ['gateway', 'subgraphs', 'packages', 'simulators', 'bench', 'tests', 'tools'];

/** The longest first, so that two cores finish together. */
export const STEPS: readonly Step[] = [
  { name: 'types', commands: [['tsc', '--noEmit']] },
  { name: 'unit', commands: [['vitest', 'run', '--project', 'unit']] },
  {
    name: 'lint',
    commands: [
      ['biome', 'lint', '--error-on-warnings', '--diagnostic-level=warn', '--max-diagnostics=60', '.'],
      ['eslint', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'],
    ],
  },
  {
    name: 'arrows',
    commands: [
      ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...ARROWS_FROM],
    ],
  },
  { name: 'tidy', commands: [['vitest', 'run', '--project', 'tidy']] },
  { name: 'format', commands: [['biome', 'check', '--linter-enabled=false', '--reporter=summary', '.']] },
  { name: 'schema', commands: [['node', 'tools/compose/main.ts', '--check']] },
  { name: 'generated', commands: [['node', 'tools/generate/main.ts', '--check']] },
];
