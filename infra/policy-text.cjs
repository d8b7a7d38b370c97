const { readFile } = require('node:fs/promises');
const { pathToFileURL } = require('node:url');

/**
 * Lambda refuses environment variables of more than 4 KB in all; the others hold names, and take
 * less than the rest.
 */
const maximumPolicyBytes = 3_300;

/** Loaded once: osls asks for each place that names this file or the one beside it. */
const parser = loadParser();

/**
 * The policy file for REWIND_POLICY, checked and in JSON. Packaging finds what the functions could
 * not use, and they carry no parser of YAML.
 */
module.exports = async ({ resolveVariable }) => {
  const path = await resolveVariable('param:policy');
  const yaml = await readFile(path, 'utf8');
  const { parsePolicyText } = await parser;
  const text = JSON.stringify(parsePolicyText(yaml, path));
  if (Buffer.byteLength(text) <= maximumPolicyBytes) return text;
  throw new Error(
    `${path} is longer than the ${maximumPolicyBytes} bytes that a function's environment has room for`,
  );
};

async function loadParser() {
  // Its CommonJS build does not find its own parts.
  const { tsImport } = await import('tsx/esm/api');
  return await tsImport('../services/policy/policy-text.ts', pathToFileURL(__filename).href);
}
