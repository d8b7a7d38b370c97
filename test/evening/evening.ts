import type { LocalTable } from '../../infra/local/aws/dynamodb/dynamodb';
import type { Variables } from '../../infra/local/process-environment';
import { EveningAccount } from './evening-account';

/** Who sits at the terminal: a pipeline, as GitHub runs it, or a person. */
const people = {
  ci: { AWS_ACCESS_KEY_ID: 'ci', GITHUB_ACTOR: 'ada', GITHUB_RUN_ID: '8812' },
  cleo: { AWS_ACCESS_KEY_ID: 'cleo' },
} as const satisfies Record<string, Variables>;

/** A part of the evening: what happens, and the command lines that somebody types then. */
interface EveningPart {
  readonly title: string;
  readonly words: string;
  readonly who: keyof typeof people;
  /** What happens before, which no command of rewind does. */
  readonly before?: (account: EveningAccount) => Promise<void>;
  readonly lines: readonly string[];
}

const repository = (name: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/${name}`;

const evening: readonly EveningPart[] = [
  {
    title: 'Before',
    words: 'Two services, each with two revisions that have proved themselves.',
    who: 'cleo',
    lines: ['rewind status'],
  },
  {
    title: 'A bad tag from CI',
    words: `The pipeline deploys a new image, tells the commit and why, and waits for the truth. The tasks end as soon as they start. \`wait\` ends with 1: it failed, and
the service is safe again.`,
    who: 'ci',
    before: async (account) => push(account, { name: 'web', tag: '9f31c2d', annotations: crashing }),
    lines: [
      'rewind deploy prod/web --tag 9f31c2d --commit 9f31c2d --subject "Retry payments once" --yes',
      'rewind wait prod/web --timeout 25m --logs 2',
    ],
  },
  {
    title: 'What happened?',
    words:
      'Cleo has the evening shift. The history says what was tried, how it ended, why, and who brought it.',
    who: 'cleo',
    before: (account) => account.pass(1200),
    lines: ['rewind history prod/web -n 4'],
  },
  {
    title: 'Two services back, one of them with a tag that has moved',
    words: `Orders come twice since this morning, when both services were deployed: Cleo looks at what there is, and takes both back to the revision of before. \`worker:1\` was
deployed as \`latest\`, and \`latest\` is another image by now. So a copy is registered that is pinned to the digest that ran.`,
    who: 'cleo',
    lines: [
      'rewind rollback prod/web prod/worker --list',
      'rewind rollback prod/web prod/worker --to 1 --reason "orders come twice" --dry-run',
      'rewind rollback prod/web prod/worker --to 1 --reason "orders come twice" --yes',
    ],
  },
  {
    title: 'Rewind watches the way back',
    words: "It is Cleo's, and Rewind never takes it back.",
    who: 'cleo',
    lines: ['rewind wait prod/worker', 'rewind diff prod/worker 1 3', 'rewind status'],
  },
  {
    title: 'Nothing is deployed until the morning',
    words:
      'The freeze has a reason and an end. The next deployment of the pipeline is refused with both, and nothing is registered.',
    who: 'cleo',
    lines: ['rewind freeze \'prod/*\' --scope deploys --until 14h --reason "Black Friday" --yes'],
  },
  {
    title: 'The pipeline tries',
    words: '',
    who: 'ci',
    before: async (account) => push(account, { name: 'web', tag: '3c4d5e6' }),
    lines: ['rewind deploy prod/web --tag 3c4d5e6 --yes'],
  },
  {
    title: 'Mended, and tried again',
    words: `In the morning the image of the bad tag is built again with what it lacked. \`web:3\` failed here: only \`retry\` deploys it without \`--force\`, and forgives it. It waits, and ends
with 0 when the bake is over.`,
    who: 'ci',
    before: async (account) => {
      await account.pass(14 * 3600);
      push(account, { name: 'web', tag: '9f31c2d' });
    },
    lines: [
      'rewind retry prod/web web:3 --reason "built again, with its configuration" --yes --wait --timeout 30m',
    ],
  },
  {
    title: 'All of it is in the log',
    words:
      'Each act has its name and its reason, and every decision can be made again from what was known then.',
    who: 'cleo',
    lines: [
      'rewind history prod/web',
      'rewind audit prod/web web:1',
      'rewind audit prod/web web:3',
      'rewind audit prod/web --verify',
    ],
  },
];

const crashing = { 'rewind.behaviour': 'crash', 'rewind.crash-after': '4' };

interface PushedImage {
  readonly name: string;
  readonly tag: string;
  readonly annotations?: object;
}

function push(account: EveningAccount, { name, tag, annotations = {} }: PushedImage): void {
  const imageManifest = JSON.stringify({ schemaVersion: 2, layers: [tag], annotations });
  account.call('PutImage', { repositoryName: `shop/${name}`, imageTag: tag, imageManifest });
}

interface PlayedLine {
  readonly line: string;
  readonly code: number;
  readonly output: string;
}

export interface PlayedPart extends Pick<EveningPart, 'title' | 'words'> {
  readonly lines: readonly PlayedLine[];
}

/** Plays the evening; it ends the same every time. */
export async function playEvening(table: LocalTable): Promise<PlayedPart[]> {
  const account = await EveningAccount.start(table);
  try {
    await haveTwoServices(account);
    const played: PlayedPart[] = [];
    for (const { title, words, who, before, lines } of evening) {
      await before?.(account);
      const ended: PlayedLine[] = [];
      for (const line of lines) {
        // The bus counts whole seconds, and nobody types faster.
        await account.pass(20);
        ended.push({ line, ...(await account.rewind(wordsOf(line).slice(1), people[who])) });
      }
      played.push({ title, words, lines: ended });
    }
    return played;
  } finally {
    await account.stop();
  }
}

/** Divided at spaces, but inside of quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** Each with two revisions that have proved themselves, hours ago. */
async function haveTwoServices(account: EveningAccount): Promise<void> {
  account.call('CreateCluster', { clusterName: 'prod' });
  const before = { web: '7d1e0c2', worker: 'latest' } as const;
  for (const [name, tag] of Object.entries(before)) {
    push(account, { name, tag });
    register(account, name, tag);
    account.call('CreateService', {
      cluster: 'prod',
      serviceName: name,
      taskDefinition: name,
      desiredCount: 2,
    });
  }
  await account.pass(3 * 3600);
  for (const name of Object.keys(before)) {
    push(account, { name, tag: '41be077' });
    register(account, name, '41be077');
    account.call('UpdateService', { cluster: 'prod', service: name, taskDefinition: name });
  }
  await account.pass(3600);
  const moved = JSON.stringify({ schemaVersion: 2, layers: ['a newer one'] });
  account.call('PutImage', { repositoryName: 'shop/worker', imageTag: 'latest', imageManifest: moved });
}

function register(account: EveningAccount, family: string, tag: string): void {
  const app = {
    name: 'app',
    image: `${repository(family)}:${tag}`,
    dockerLabels: { 'rewind.says': 'listening on 8080\nError: PAYMENTS_URL is not set' },
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': `/ecs/${family}`, 'awslogs-stream-prefix': family },
    },
  };
  account.call('RegisterTaskDefinition', { family, containerDefinitions: [app] });
}
