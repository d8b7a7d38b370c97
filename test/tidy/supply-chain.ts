import type { SourceTree, Violation } from './source-tree';

/** What package-lock.json holds of a package. */
interface LockedPackage {
  readonly integrity?: string;
  readonly link?: boolean;
}

/** npm takes whatever it gets for a package without a digest. Our own folders have none. */
export function packagesWithoutIntegrity({ lock }: SourceTree): Violation[] {
  const { packages } = JSON.parse(lock) as { readonly packages: { readonly [path: string]: LockedPackage } };
  return Object.entries(packages)
    .filter(([path, { integrity, link }]) => path.startsWith('node_modules/') && !link && !integrity)
    .map(([path]) => ({ file: 'package-lock.json', what: `${path} has no integrity` }));
}

const commit = /@[0-9a-f]{40} # v\d/;

/** A tag of an action may be moved to other code; its commit cannot. */
export function actionsWithoutCommit({ commented }: SourceTree): Violation[] {
  return commented
    .filter(({ file }) => file.startsWith('.github/'))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/uses: (?!\.\/)(.*)$/gm)]
        .map(([, action = '']) => action)
        .filter((action) => !commit.test(action))
        .map((action) => ({ file, what: `${action} is no commit with its version behind it` })),
    );
}
