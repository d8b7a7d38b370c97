import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../../../infra/local/aws/declared/cloudformation';

const run = promisify(execFile);

/**
 * What `npm run package` makes: the template that CloudFormation is given, and the folder with the
 * functions' zips.
 */
export interface PackagedStack {
  readonly template: Template;
  readonly folder: string;
  remove(): Promise<void>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: a resource holds whatever its type says
  readonly Properties: any;
  readonly DeletionPolicy?: string;
}

/**
 * All that packaging reads beside the libraries. osls works in a folder `.serverless` beside
 * serverless.yml: each packaging gets its own.
 */
const packaged = ['infra', 'package.json', 'serverless.yml', 'services', 'state-machines'];

/**
 * Packages the stack as on a machine without an account: there is nothing of AWS's in the
 * environment. No parameter changes a function: where another packaging is given, its zips serve
 * again. Throws for what osls refuses: `stdout` says why.
 */
export async function packageStack(
  parameters: Readonly<Record<string, string>> = {},
  other: PackagedStack | null = null,
): Promise<PackagedStack> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rewind-package-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    return { ...(await packageIn(folder, parameters, other)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function packageIn(
  folder: string,
  parameters: Readonly<Record<string, string>>,
  other: PackagedStack | null,
) {
  for (const name of packaged) {
    await cp(path.join(projectFolder, name), path.join(folder, name), { recursive: true });
  }
  await symlink(path.join(projectFolder, 'node_modules'), path.join(folder, 'node_modules'));
  if (other !== null) await writeFile(path.join(folder, 'infra/bundle-functions.js'), usingZipsOf(other));
  const given = Object.entries(parameters).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  await run(process.execPath, ['node_modules/osls/bin/serverless.js', 'package', ...given], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  const output = path.join(folder, '.serverless');
  const file = path.join(output, 'cloudformation-template-update-stack.json');
  const template: Template = JSON.parse(await readFile(file, 'utf8'));
  return { template, folder: output };
}

/** In place of the plugin that bundles. */
function usingZipsOf({ folder }: PackagedStack): string {
  return `export default class {
  constructor({ service }) {
    const use = (name) => { service.getFunction(name).package = { artifact: ${JSON.stringify(folder)} + '/' + name + '.zip' }; };
    this.hooks = { 'before:package:createDeploymentArtifacts': () => service.getAllFunctions().forEach(use) };
  }
}`;
}

/** A key of one's own. */
export const key = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';

/**
 * The stack as it is if nothing is said, and with everything turned on that a parameter turns on.
 */
export interface PackagedStacks {
  plain: PackagedStack;
  full: PackagedStack;
}

export async function packageStacks(): Promise<PackagedStacks> {
  const plain = await packageStack();
  const everything = {
    mode: 'enforce',
    clusters: 'prod, staging-*',
    passableRoles: 'ecs-*',
    archive: 'on',
    archiveDays: '90',
    alarmEmail: 'alarms@example.com',
    announcementEmail: 'team@example.com',
    kmsKey: key,
    tracing: 'on',
    vpcSubnets: 'subnet-11111111, subnet-22222222',
    vpcSecurityGroups: 'sg-11111111',
    observedEventsDays: '90',
    logDays: '7',
  };
  return { plain, full: await packageStack(everything, plain) };
}

/** The resources of a type, by name. */
export function resourcesOf({ template }: PackagedStack, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

export function propertiesOf({ template }: PackagedStack, name: string): Resource['Properties'] {
  return template.Resources[name]?.Properties;
}
