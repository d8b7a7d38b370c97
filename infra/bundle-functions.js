import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

const outputFolder = '.esbuild';

/**
 * A plugin of the Serverless Framework: makes each function's artifact out of one file bundled by esbuild, under the path that
 * its handler names. osls has no bundler of its own, and its zip writer gives the same bytes for the same files.
 */
export default class BundleFunctions {
  hooks = { 'before:package:createDeploymentArtifacts': () => this.bundleAll() };

  constructor(serverless) {
    this.serverless = serverless;
  }

  async bundleAll() {
    const { service, serviceDir } = this.serverless;
    await rm(path.join(serviceDir, outputFolder), { recursive: true, force: true });
    for (const name of service.getAllFunctions()) await this.bundle(name, service.getFunction(name));
  }

  async bundle(name, declaration) {
    const { serviceDir, pluginManager } = this.serverless;
    const folder = path.join(serviceDir, outputFolder, name);
    const modulePath = declaration.handler.replace(/\.[^./]+$/, '');
    const bundled = path.join(folder, `${modulePath}.mjs`);
    await mkdir(path.dirname(bundled), { recursive: true });
    await build({
      absWorkingDir: serviceDir,
      entryPoints: [`${modulePath}.ts`],
      outfile: bundled,
      bundle: true,
      minify: true,
      keepNames: true,
      sourcemap: 'linked',
      sourcesContent: false,
      platform: 'node',
      target: 'node22',
      format: 'esm',
      // CommonJS dependencies call require, which a module does not have.
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    });
    const packager = pluginManager.plugins.find((plugin) => plugin.constructor.name === 'Package');
    const artifact = await packager.zipFiles([bundled, `${bundled}.map`], `${name}.zip`, folder);
    declaration.package = { ...declaration.package, artifact };
  }
}
