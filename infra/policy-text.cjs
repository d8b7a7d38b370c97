const { readFile } = require('node:fs/promises');

/** Lambda refuses environment variables of more than 4 KB in all; the other one holds the name of the table. */
const maximumPolicyBytes = 3_500;

/** The text of the policy file for REWIND_POLICY: the `file` variable by itself would parse a YAML file. */
module.exports = async ({ resolveVariable }) => {
  const path = await resolveVariable('param:policy');
  const text = await readFile(path, 'utf8');
  if (Buffer.byteLength(text) <= maximumPolicyBytes) return text;
  throw new Error(
    `${path} is longer than the ${maximumPolicyBytes} bytes that a function's environment has room for`,
  );
};
