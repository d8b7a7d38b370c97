import type { Colours } from '../../../services/cli/terminal/colours';
import { labelled } from '../../../services/cli/terminal/text-layout';
import type { Stack } from '../stack';
import { defaultStory } from './command-line';
import { operatorAccessKey } from './scenario/director';
import type { Story } from './scenario/scenario-schema';
import { policyTextOf } from './scenario/story-folder';
import { formatTimelineHead } from './timeline/timeline-text';

interface StoryToPlay {
  readonly name: string;
  readonly story: Story;
  readonly speed: number;
}

/** What stands above the timeline. */
export function formatHead({ name, story, speed }: StoryToPlay, colours: Colours): string {
  return [
    colours.bold('Rewind on this machine: its deployed handlers, DynamoDB Local, a simulated Amazon ECS'),
    ...labelled('scenario', `${name}: ${story.about}`),
    ...labelled('policy', policyTextOf(story)),
    ...labelled(
      'time',
      `${speed} times as fast as on the wall; minutes and seconds from the service's creation`,
    ),
    '',
    formatTimelineHead(colours),
  ].join('\n');
}

/** What a person may want to do with what the run left. */
export function formatNextSteps(
  { file, toldFile }: { readonly file: string; readonly toldFile: string },
  colours: Colours,
): string {
  const isDefault = file.includes(defaultStory);
  return [
    '',
    `What people read is in ${toldFile}, as Amazon SNS would have sent it.`,
    `The event log of this run is in ${file}. Judge it again, without any database or account:`,
    `  ${colours.bold(`npx --no-install rewind replay ${file}`)}`,
    ...(isDefault ? [`Other stories: npm start -- --list`] : []),
    '',
  ].join('\n');
}

/** Where one can look on; nothing where it did not start, which it has said itself. */
export function formatDashboard(address: string | null): string {
  return address === null ? '' : `${labelled('dashboard', address).join('\n')}\n`;
}

/** Where everything is, for those who want to talk to it. */
export function formatAddresses(
  { ecs, dynamoDb, account, dashboard }: Stack & { readonly dashboard: string | null },
  colours: Colours,
): string {
  return [
    '',
    colours.bold('Everything is still running, and the timeline goes on. Ctrl-C ends it.'),
    ...(dashboard === null ? [] : labelled('dashboard', dashboard)),
    ...labelled('ECS', ecs.endpoint),
    ...labelled('DynamoDB', `${dynamoDb.endpoint}, table ${dynamoDb.tableName}`),
    '',
    'In another terminal, look whether all is well with it:',
    `  ${colours.bold(`npx --no-install rewind doctor --endpoint-url ${account.endpoint}`)}`,
    '',
    'Or, with the AWS CLI and with rewind, of any version:',
    `  export AWS_ACCESS_KEY_ID=${operatorAccessKey} AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1`,
    `  export AWS_DEFAULT_REGION=us-east-1 AWS_ENDPOINT_URL=${account.endpoint}`,
    `  export REWIND_CLOCK=${process.env.REWIND_CLOCK}`,
    '  npx --no-install rewind status',
    '  aws ecs describe-services --cluster prod --services web',
    '  aws ecs update-service --cluster prod --service web --task-definition web:2',
    `  aws dynamodb scan --table-name ${dynamoDb.tableName} --select COUNT`,
    '',
    '',
  ].join('\n');
}
