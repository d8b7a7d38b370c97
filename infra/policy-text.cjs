const { readFile } = require('node:fs/promises');
const { pathToFileURL } = require('node:url');

/**
 * Lambda refuses environment variables of more than 4 KB in all; the others hold names, and take
 * less than the rest.
 */
const maximumPolicyBytes = 3_300;

/**
 * The policy file for REWIND_POLICY, checked and in JSON: what the functions cannot use is found
 * when it is packaged, and they carry no parser of YAML.
 */
module.exports = async ({ resolveVariable }) => {
  const path = await resolveVariable('param:policy');
  const yaml = await readFile(path, 'utf8');
  // osls asks for each place that names this file or the one beside it, two dozen times.
  checked[yaml] ??= check(yaml, path);
  return checked[yaml];
};

const checked = {};

async function check(yaml, path) {
  // Its CommonJS build does not find its own parts.
  const { tsImport } = await import('tsx/esm/api');
  const { parsePolicyText } = await tsImport(
    '../services/policy/policy-text.ts',
    pathToFileURL(__filename).href,
  );
  const text = JSON.stringify(parsePolicyText(yaml, path));
  if (Buffer.byteLength(text) <= maximumPolicyBytes) return text;
  throw new Error(
    `${path} is longer than the ${maximumPolicyBytes} bytes that a function's environment has room for`,
  );
}
