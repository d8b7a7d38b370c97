import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * A plugin of the Serverless Framework: makes each function's artifact out of one file bundled by
 * esbuild, under the path that its handler names. osls has no bundler of its own, and its zip
 * writer gives the same bytes for the same files. Source maps stay behind, in
 * `.serverless/source-maps`: a function that reads its own starts a tenth more slowly.
 */
export default class BundleFunctions {
  hooks = { 'before:package:createDeploymentArtifacts': () => this.bundleAll() };

  constructor(serverless) {
    this.serverless = serverless;
  }

  async bundleAll() {
    const { service } = this.serverless;
    for (const name of service.getAllFunctions()) await this.makeArtifact(name, service.getFunction(name));
  }

  async makeArtifact(name, declaration) {
    const { serviceDir, pluginManager } = this.serverless;
    const packager = pluginManager.plugins.find((plugin) => plugin.constructor.name === 'Package');
    const folder = await mkdtemp(path.join(tmpdir(), 'rewind-bundle-'));
    try {
      const { bundled } = await bundleHandler(serviceDir, declaration.handler, folder);
      const artifact = await packager.zipFiles([bundled], `${name}.zip`, folder);
      await cp(`${bundled}.map`, path.join(serviceDir, '.serverless', 'source-maps', `${name}.mjs.map`));
      declaration.package = { ...declaration.package, artifact };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * Bundles the module of a handler (`services/ingest/handler.handler`) into the folder. Returns the
 * path of the file, and what esbuild put into it. The source map is a file beside it.
 */
export async function bundleHandler(projectFolder, handler, folder) {
  const modulePath = handler.replace(/\.[^./]+$/, '');
  const bundled = path.join(folder, `${modulePath}.mjs`);
  await mkdir(path.dirname(bundled), { recursive: true });
  const { metafile } = await build({
    absWorkingDir: projectFolder,
    entryPoints: [`${modulePath}.ts`],
    outfile: bundled,
    bundle: true,
    metafile: true,
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    // The SDK's modules can be shaken like a tree; the CommonJS that `main` names cannot.
    mainFields: ['module', 'main'],
    // In Lambda the credentials stand in the environment: the other places that the SDK would look
    // at are left where they are.
    external: [
      ...['ini', 'login', 'process', 'sso', 'web-identity'].map(
        (place) => `@aws-sdk/credential-provider-${place}`,
      ),
      // Asked for by few policies, and only then: Lambda's own copy does.
      // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html#nodejs-package-dependencies
      '@aws-sdk/client-lambda',
    ],
    // CommonJS dependencies call require, which a module does not have.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  return { bundled, metafile };
}
