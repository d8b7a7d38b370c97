import type { PlayedPart } from './evening';

/** The page docs/operations/evening.md, whole. */
export function eveningPage(played: readonly PlayedPart[]): string {
  return `# An evening

Two services, a bad release, and a person with [the operator's commands](operator.md). Everything below was run, on
[the simulated ECS](../../infra/ecs-simulator/README.md), DynamoDB Local and Rewind's own services: \`npm run docs\` plays it again and writes this page, and a test
fails when a fresh run differs. The story itself is [a list of command lines](../../test/evening/evening.ts).

To try such commands yourself, let \`npm start -- --keep --scenario healthy\` run, and type in another terminal what it prints.

${played.map(section).join('\n')}`;
}

function section({ title, words, lines }: PlayedPart): string {
  const transcript = lines
    .map(({ line, code, output }) => `$ ${line}; echo $?\n${output}${code}\n`)
    .join('\n');
  return `## ${title}\n\n${words === '' ? '' : `${words}\n\n`}\`\`\`console\n${transcript}\`\`\`\n`;
}
