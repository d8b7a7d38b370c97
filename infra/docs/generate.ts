import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { everySchema, jsonSchemaOf, schemaFileOf } from '../../services/announcer/announcement-schema';
import {
  type Arrow,
  arrowsOfDeploymentMachine,
  arrowsWithin,
  mermaidOfDeploymentMachine,
} from '../../state-machines/rollout/machine-chart';
import { scalePage } from './scale/page';
import { withTranscripts } from './transcripts';
import { playAll, whoDoesWhatPage } from './who-does-what-page';

/** The page docs/deployment-machine.md, whole. */
export function deploymentMachinePage(): string {
  return `# The deployment machine

Each rollout has one machine: \`state-machines/rollout/deployment-machine.ts\`, run by XState. \`npm run docs\` generates this page
from it; a test fails when it is stale.

\`\`\`mermaid
${mermaidOfDeploymentMachine()}
\`\`\`

Each arrow names a *move*: what can take a rollout from one phase into another. In brackets stands the guard that must hold. If a
move has several guards, the first that holds wins. A move that a phase does not list changes nothing there.

What tasks and alarms show is counted beside the machine (\`state-machines/rollout/evidence.ts\`) and judged by a list of rules
(\`state-machines/rollout/verdict.ts\`). Their verdict is one of the moves.

| phase | move | guard | to | actions |
| --- | --- | --- | --- | --- |
${arrowsOfDeploymentMachine().map(row).join('\n')}

While ECS shifts traffic, watching has states of its own. A move never leads back, whatever arrives late:

| state | move | guard | to | actions |
| --- | --- | --- | --- | --- |
${arrowsWithin('watching').map(row).join('\n')}
`;
}

function row({ from, move, guard, to, actions }: Arrow): string {
  return `| ${[from, move, guard ?? '', to, actions.join(', ')].join(' | ')} |`;
}

/**
 * The files of docs/schemas, with their texts: a JSON schema for each detail type of what Rewind
 * tells.
 */
export function announcementSchemas(): readonly { readonly file: string; readonly text: string }[] {
  const detailTypes = Object.keys(everySchema) as (keyof typeof everySchema)[];
  return detailTypes.map((detailType) => ({
    file: schemaFileOf(detailType),
    text: `${JSON.stringify(jsonSchemaOf(detailType), null, 2)}\n`,
  }));
}

const isRun = process.argv[1] === fileURLToPath(import.meta.url);
if (isRun) {
  writeFileSync(new URL('../../docs/scale.md', import.meta.url), scalePage());
  writeFileSync(new URL('../../docs/deployment-machine.md', import.meta.url), deploymentMachinePage());
  for (const { file, text } of announcementSchemas()) {
    writeFileSync(new URL(`../../docs/schemas/${file}`, import.meta.url), text);
  }
  const progressive = new URL('../../docs/operations/progressive.md', import.meta.url);
  writeFileSync(progressive, await withTranscripts(readFileSync(progressive, 'utf8')));
  const played = await playAll();
  writeFileSync(new URL('../../docs/who-does-what.md', import.meta.url), whoDoesWhatPage(played));
}
