// The repository itself under test: what no compiler or linter looks at. A failing line says which file.
import { describe, expect, test } from 'vitest';
import { undeclaredImports } from './tidy/declared.ts';
import * as layout from './tidy/layout.ts';
import { type RepositoryFile, repositoryFiles, sources, writtenByHand } from './tidy/repository-files.ts';
import * as wording from './tidy/wording.ts';

const files = await repositoryFiles();
const byHand = writtenByHand(files);
const code = sources(files);
const named = (path: string): RepositoryFile[] => files.filter((file) => file.path === path);

describe('layout', () => {
  test('the four subgraphs hold only the folders of the shared shape', () => {
    expect(layout.strangersInSubgraphs(files)).toEqual([]);
  });
  test('every folder is named after what lies in it', () => {
    expect(layout.meaninglessFolders(files)).toEqual([]);
  });
  test('no subgraph has a barrel', () => {
    expect(layout.barrels(files)).toEqual([]);
  });
  test('every decide.ts has its specification beside it', () => {
    expect(layout.untestedDeciders(files)).toEqual([]);
  });
  test('every entry file opens with what it is for', () => {
    expect(layout.silentEntryFiles(files)).toEqual([]);
  });
});

describe('packages', () => {
  test('every workspace declares what it imports', () => {
    expect(undeclaredImports(files)).toEqual([]);
  });
});

describe('wording', () => {
  test('nothing is marked as unfinished', () => {
    expect(wording.unfinished(byHand)).toEqual([]);
  });
  test('no banners', () => {
    expect(wording.banners(code)).toEqual([]);
  });
  test('no code in comments', () => {
    expect(wording.commentedOutCode(code)).toEqual([]);
  });
  test('no test is skipped or focused', () => {
    expect(wording.skippedTests(code)).toEqual([]);
  });
  test('no path of anybody’s machine', () => {
    expect(wording.machinePaths(files)).toEqual([]);
  });
});

describe('package-lock.json', () => {
  test('holds no download address, so that any registry serves it', () => {
    expect(wording.downloadAddresses(named('package-lock.json'))).toEqual([]);
  });
  test('no registry is named anywhere', () => {
    expect(wording.registryHosts(files)).toEqual([]);
  });
});
