import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { PlaceOptions } from '../../session/place-options';
import { exitCode } from '../../terminal/exit-code';
import type { ActRunner } from './page-act';

/** Runs this very program, with the place that it was given itself; without a shell. */
export function ownCommand(place: PlaceOptions): ActRunner {
  return async (parameters) => {
    const [, program = ''] = process.argv;
    const all = [...process.execArgv, program, ...parameters, ...placeParameters(place)];
    const child = spawn(process.execPath, all, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    }
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? exitCode.software, output: Buffer.concat(chunks).toString('utf8') };
  };
}

function placeParameters({ stage, table, profile, region, endpointUrl }: PlaceOptions): string[] {
  const given = { stage, table, profile, region, 'endpoint-url': endpointUrl };
  return Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
}
