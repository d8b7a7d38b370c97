import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tidyRules } from './tidy/rules';
import { readSourceTree } from './tidy/source-tree';

/**
 * What the style promises of the files, held by reading them. Biome holds functions to their size.
 */
const tree = readSourceTree(fileURLToPath(new URL('..', import.meta.url)));

describe('the tree', () => {
  const rules = Object.entries(tidyRules(tree));

  it('is read', () => {
    expect(tree.sources.length).toBeGreaterThan(100);
    expect(tree.pages.length).toBeGreaterThan(10);
  });

  it.each(rules)('holds that %s', (_rule, violations) => {
    expect(violations).toEqual([]);
  });
});
