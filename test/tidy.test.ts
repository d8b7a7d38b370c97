import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** What the project's style promises of its files, held to by reading them. Biome holds functions to their size. */
const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '');
const sources = tracked
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
const inFolder = (folder: string) => sources.filter(({ file }) => file.startsWith(`${folder}/`));

/** What a file imports: project files as paths from the root, packages by name. */
function importsOf({ file, text }: { file: string; text: string }): string[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  );
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? path.join(path.dirname(file), specifier) : specifier,
  );
}

/** Every import of the files that the rule forbids, as `file -> import`. */
function forbidden(
  files: typeof sources,
  isForbidden: (imported: string, file: string) => boolean,
): string[] {
  return files.flatMap((source) =>
    importsOf(source)
      .filter((imported) => isForbidden(imported, source.file))
      .map((imported) => `${source.file} -> ${imported}`),
  );
}

const adapters = ['aws', 'event-log', 'metrics', 'notifications', 'policy', 'runtime', 'sentences'];

describe('imports', () => {
  it('of the functional core are xstate and the core itself', () => {
    const core = inFolder('state-machines');
    expect(core.length).toBeGreaterThan(10);
    expect(
      forbidden(core, (imported) => imported !== 'xstate' && !imported.startsWith('state-machines/')),
    ).toEqual([]);
  });

  it('of things that run are the core, the adapters and themselves, never each other', () => {
    const isAllowed = (imported: string, file: string) => {
      const [, thing = ''] = file.split('/');
      const [top, folder = ''] = imported.split('/');
      // `rewind simulate` is the one command that brings what stands in for AWS to its users.
      if (top === 'infra') return file === 'services/cli/simulate/simulate-command.ts';
      if (top !== 'services') return true;
      // The guard's reconcile is shared by its scheduled function and the command line.
      if (thing === 'cli' && folder === 'guard') return true;
      return folder === thing || adapters.includes(folder);
    };
    expect(forbidden(inFolder('services'), (imported, file) => !isAllowed(imported, file))).toEqual([]);
  });

  it('of the AWS SDK stand in adapters and where clients are made', () => {
    const others = inFolder('services').filter(
      ({ file }) =>
        !/^services\/(aws|event-log|runtime)\//.test(file) &&
        !/^services\/guard\/(preset-alarms|guard-clients)/.test(file),
    );
    expect(forbidden(others, (imported) => imported.startsWith('@aws-sdk/'))).toEqual([]);
  });

  it('of zod are its namespace: by its name `z` every function would be bundled with the words of fifty languages', () => {
    const named = inFolder('services').filter(({ text }) => /import (type )?\{[^}]*\} from 'zod'/.test(text));
    expect(named.map(({ file }) => file)).toEqual([]);
  });

  it('never reach for what wires a program or tests it', () => {
    const isWiring = (imported: string) => /\/(handler|main)$/.test(imported);
    expect(forbidden(sources, isWiring)).toEqual([]);
    const product = sources.filter(({ file }) => !file.startsWith('test/'));
    expect(forbidden(product, (imported) => imported.startsWith('test/'))).toEqual([]);
  });
});

describe('files', () => {
  it('have at most 250 lines', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 251).map(({ file }) => file);
    expect(long).toEqual([]);
  });

  it('have names that are words of the field, in kebab case', () => {
    const banned = /(^|\/)(utils?|helpers?|common|misc|shared|types|index)(\.ts$|\/)/;
    expect(tracked.filter((file) => banned.test(file))).toEqual([]);
    const camelCase = sources.filter(({ file }) => !/^[a-z0-9./-]+$/.test(file)).map(({ file }) => file);
    expect(camelCase).toEqual([]);
  });

  it('spell words out', () => {
    const abbreviation =
      /\b(?:const|let|function|class|interface|type)\s+(td|svc|evt|ctx|mgr|cfg|req|res|err|cb|fn)\b/;
    expect(sources.filter(({ text }) => abbreviation.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

describe('the functional core', () => {
  it('knows no clock, no chance and no environment', () => {
    const impure = /Date\.now|new Date\(\)|Math\.random|process\.|setTimeout|console\./;
    expect(inFolder('state-machines').filter(({ text }) => impure.test(text))).toEqual([]);
  });

  it('has no delay and no effect in its machine: a deadline is a field, its passing an event', () => {
    const machines = inFolder('state-machines').filter(({ text }) => text.includes("from 'xstate'"));
    expect(machines.length).toBeGreaterThan(0);
    expect(machines.filter(({ text }) => /\b(after|invoke|entry|exit):/.test(text))).toEqual([]);
  });
});

describe('tests', () => {
  const tests = inFolder('test').filter(
    ({ file }) => file.endsWith('.test.ts') && file !== 'test/tidy.test.ts',
  );

  it('state facts', () => {
    const wishes = tests.filter(({ text }) =>
      /\b(it|describe)(\.each\([^)]*\))?\(\s*['"`][^'"`]*\bshould\b/.test(text),
    );
    expect(wishes.map(({ file }) => file)).toEqual([]);
  });

  it('all run', () => {
    const skipped = tests.filter(({ text }) => /\b(it|describe|test)\.(skip|only|todo|fails)\b/.test(text));
    expect(skipped.map(({ file }) => file)).toEqual([]);
  });

  it('replace no part of the AWS SDK', () => {
    expect(
      tests.filter(({ text }) => /vi\.mock|aws-sdk-client-mock/.test(text)).map(({ file }) => file),
    ).toEqual([]);
  });
});
