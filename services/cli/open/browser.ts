import { spawn } from 'node:child_process';
import { say } from '../terminal/streams/standard-error';

interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: { readonly [name: string]: string | undefined };
  readonly stdout: { readonly isTTY?: boolean };
}

/** Whether somebody sits where a browser would open. */
export function canOpenBrowser({ platform, env, stdout }: Surroundings): boolean {
  if (!stdout.isTTY || env.CI || env.SSH_CONNECTION) return false;
  if (platform === 'darwin' || platform === 'win32' || env.BROWSER) return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Opens an address, without a shell, and does not wait for it. */
export function openBrowser(address: string): void {
  const [program = '', ...parameters] = openerOn(process.platform, process.env.BROWSER);
  const child = spawn(program, [...parameters, address], { detached: true, stdio: 'ignore' });
  child.on('error', () => say(`${program} cannot be run: open the address by hand`));
  child.unref();
}

function openerOn(platform: NodeJS.Platform, browser: string | undefined): readonly string[] {
  if (browser) return [browser];
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
}
