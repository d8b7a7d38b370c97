import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * A plugin of the Serverless Framework: makes each function's artifact out of what esbuild bundles,
 * a file under the path that its handler names, and others for what it imports on demand. osls has
 * no bundler of its own, and its zip writer gives the same bytes for the same files. Source maps
 * stay behind, in `.serverless/source-maps`: a function that reads its own starts a tenth more
 * slowly. Beside them esbuild tells what it put into each file.
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
      const { files, metafile } = await bundleHandler(serviceDir, declaration.handler, folder);
      const artifact = await packager.zipFiles(files, `${name}.zip`, folder);
      const beside = path.join(serviceDir, '.serverless', 'source-maps', name);
      for (const file of files) {
        await cp(`${file}.map`, path.join(beside, `${path.relative(folder, file)}.map`));
      }
      await writeFile(path.join(beside, 'metafile.json'), JSON.stringify(metafile));
      declaration.package = { ...declaration.package, artifact };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/**
 * Bundles the module of a handler (`services/ingest/handler.handler`) into the folder. Returns the
 * path of its file, those of all files, and what esbuild put into them: what is imported on demand
 * has a file of its own, which a cold start does not read. Source maps are files beside them.
 */
export async function bundleHandler(projectFolder, handler, folder) {
  const modulePath = handler.replace(/\.[^./]+$/, '');
  const bundled = path.join(folder, `${modulePath}.mjs`);
  await mkdir(path.dirname(bundled), { recursive: true });
  const { metafile } = await build({
    absWorkingDir: projectFolder,
    entryPoints: [`${modulePath}.ts`],
    outdir: folder,
    entryNames: modulePath,
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    metafile: true,
    plugins: [loadedTogether(path.join(projectFolder, `${modulePath}.ts`))],
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
  const files = Object.keys(metafile.outputs)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => path.resolve(projectFolder, file));
  return { bundled, files, metafile };
}

/**
 * Has what is imported on demand import the module of the handler as well, which runs by then. So
 * esbuild puts what a cold start reads into one file, and not what each set of readers shares into
 * one of its own: for the reconciler these were two dozen, a quarter of a millisecond each.
 * What exports no names, or a default beside them, stays as it is.
 * A handler that awaited such an import at its top would wait for itself: none may.
 */
function loadedTogether(handlerModule) {
  return {
    name: 'loaded-together',
    setup(build) {
      build.onResolve({ filter: /./ }, async ({ kind, path: name, pluginData, ...from }) => {
        // Of no module of the project is anything kept that is not used: this one is.
        if (kind === 'entry-point' || name === handlerModule)
          return { path: handlerModule, sideEffects: true };
        if (kind !== 'dynamic-import' || pluginData?.isAsked) return undefined;
        const found = await build.resolve(name, { ...from, kind, pluginData: { isAsked: true } });
        const text = found.external ? '' : await readFile(found.path, 'utf8');
        const hasNames = /^export /m.test(text) && !/^export default|\bas default\b/m.test(text);
        return hasNames ? { path: found.path, namespace: 'on-demand' } : found;
      });
      build.onLoad({ filter: /./, namespace: 'on-demand' }, ({ path: file }) => ({
        contents: `import ${JSON.stringify(handlerModule)}; export * from ${JSON.stringify(file)};`,
        resolveDir: path.dirname(file),
      }));
    },
  };
}
