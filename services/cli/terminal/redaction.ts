/** Stands where a value was. */
const redacted = '[redacted]';

/**
 * A notification without what may be secret in it: the values of environment variables and the
 * commands of overrides, the values of tags, and the id of an access key. Names stay, and so does
 * all that a rollout is judged by.
 */
export function redactSecrets(value: unknown, key = ''): unknown {
  if (key === 'overrides') return withoutTexts(value);
  if (key === 'environment' || key === 'tags') return withoutValues(value);
  if (key === 'accessKeyId') return redacted;
  if (Array.isArray(value)) return value.map((element) => redactSecrets(element));
  return mapFields(value, redactSecrets);
}

/** Every text but those that name something. */
function withoutTexts(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return key === 'name' ? value : redacted;
  if (Array.isArray(value)) return value.map((element) => withoutTexts(element));
  return mapFields(value, withoutTexts);
}

/** A list of keys or names with values, or an object of them. */
function withoutValues(value: unknown): unknown {
  if (!Array.isArray(value)) return mapFields(value, () => redacted);
  return value.map((pair) =>
    mapFields(pair, (field, key) => (key.toLowerCase() === 'value' ? redacted : field)),
  );
}

function mapFields(value: unknown, map: (field: unknown, key: string) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, map(field, key)]));
}

/** Shorter values of the environment are words such as `true` or `prod`, and no secrets. */
const lettersOfASecret = 8;

/** What looks like a secret wherever it stands, and what of it may stay. */
const secretsInText: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, redacted],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, redacted],
  [/(:\/\/[^\s:/@]*:)[^\s@]+@/g, `$1${redacted}@`],
  [/\b((?:bearer|basic)\s+)[\w.~+/=-]{8,}/gi, `$1${redacted}`],
  [
    /((?:password|passwd|secret|token|api[_-]?key|credentials?)["']?\s*[=:]\s*["']?)[^\s"',;]+/gi,
    `$1${redacted}`,
  ],
];

/**
 * A line that a program wrote, without what may be secret in it: the values of its environment, of
 * which the names stay, passwords in addresses, keys, tokens, and what is called a password.
 */
export function redactLine(
  line: string,
  environment: readonly { readonly name: string; readonly value: string }[] = [],
): string {
  const known = environment
    .filter(({ value }) => value.length >= lettersOfASecret)
    .sort((a, b) => b.value.length - a.value.length);
  const named = known.reduce((text, { name, value }) => text.replaceAll(value, () => `[${name}]`), line);
  return secretsInText.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), named);
}
