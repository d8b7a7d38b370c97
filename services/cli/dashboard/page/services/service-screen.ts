import { formatDuration } from '../../../../sentences/quantities';
import { type Child, element } from '../../../report/page/elements/element';
import { dateAndTime } from '../../../report/page/elements/time-text';
import type {
  EcsNow,
  ListedRollout,
  RevisionEntry,
  ServiceEntry,
  ServicePage,
} from '../../data/dashboard-data';
import { actButtons } from '../acts/act-buttons';
import { countdown, holdNote, markBadge, originOf, taskWords } from '../elements/rollout-mark';
import { swapContent } from '../elements/swap';
import { listHash, rolloutHash } from '../place';
import type { AppContext, Screen } from '../screen';
import { EcsWatch } from './ecs-watch';
import { RevisionDiff } from './revision-diff';

/** One service: what runs, its rollouts, its revisions with their proofs, their differences. */
export class ServiceScreen implements Screen {
  readonly main: HTMLElement;
  readonly #context: AppContext;
  readonly #head = element('div');
  readonly #body = element('div');
  readonly #ecs: EcsWatch;
  readonly #diff: RevisionDiff;
  #page: ServicePage;

  private constructor(context: AppContext, page: ServicePage) {
    this.#context = context;
    this.#page = page;
    this.#ecs = new EcsWatch(context, page.entry.service, () => this.#showHead());
    this.#diff = new RevisionDiff(context, page);
    this.main = element('main', { id: 'content' }, [
      element('nav', { class: 'pager', 'aria-label': 'Way back' }, [
        element('a', { href: listHash() }, ['all services']),
        element('a', { href: page.consoleAddress, rel: 'noreferrer', target: '_blank' }, ['AWS console ↗']),
      ]),
      element('h1', { tabindex: -1 }, [page.entry.path]),
      this.#head,
      this.#body,
      this.#diff.section,
    ]);
    this.#show();
    this.#ecs.start(this.main);
  }

  static async open(context: AppContext, entry: ServiceEntry): Promise<ServiceScreen> {
    return new ServiceScreen(context, await context.client.service(entry.service));
  }

  async move(parameters: URLSearchParams): Promise<boolean> {
    await this.#diff.show(parameters);
    return true;
  }

  look(): void {
    const { service } = this.#page.entry;
    const entry = this.#context.entries().find((one) => one.service === service);
    if (entry !== undefined && JSON.stringify(entry) !== JSON.stringify(this.#page.entry)) void this.learn();
  }

  async learn(): Promise<void> {
    this.#page = await this.#context.client.service(this.#page.entry.service);
    this.#diff.offer(this.#page);
    this.#show();
  }

  #show(): void {
    this.#showHead();
    const { rollouts, revisions } = this.#page;
    swapContent(this.#body, [this.#rolloutSection(rollouts), revisionSection(revisions)]);
  }

  #showHead(): void {
    const { entry } = this.#page;
    const { rollout, hold, stable, region, account } = entry;
    const back = stable === null ? '' : `; Rewind would go back to ${stable}`;
    swapContent(this.#head, [
      element('p', { class: 'lead' }, [
        ...(rollout === null
          ? ['No rollout is known. ']
          : [markBadge(rollout), ` ${rollout.runs}, ${taskWords(rollout)}${back}. `]),
        element('span', { class: 'note' }, [`${region}, account ${account}${ecsWords(this.#ecs.now)}`]),
      ]),
      countdown(entry),
      gateNote(this.#ecs.now),
      holdNote(hold),
      actButtons(this.#context, this.#page),
    ]);
    this.#context.clock.set(this.#context.clock.now());
  }

  #rolloutSection(rollouts: readonly ListedRollout[]): HTMLElement {
    const { entry } = this.#page;
    const heads = ['Rollout', 'State', 'Started (UTC)', 'Took', 'Tasks', 'Who and why'];
    return tableSection(
      'Rollouts',
      heads,
      rollouts.map((rollout) => [
        element('a', { href: rolloutHash(entry, rollout) }, [
          rollout.isRollback ? `${rollout.runs}, a way back` : rollout.runs,
        ]),
        markBadge(rollout),
        element('span', { class: 'when' }, [dateAndTime(rollout.startedAt)]),
        element('span', { class: 'took' }, [
          rollout.endedAt === null ? '…' : formatDuration(rollout.endedAt - rollout.startedAt),
        ]),
        taskWords(rollout),
        element('span', {}, originOf(rollout)),
      ]),
    );
  }
}

function ecsWords(ecs: EcsNow | null): string {
  if (ecs?.desiredCount == null) return '';
  const owner = ecs.owner === null ? '' : `; ${ecs.owner} manages it`;
  return `; ECS: ${ecs.runningCount} of ${ecs.desiredCount} tasks run, ${ecs.rolloutState ?? 'nothing under way'}${owner}`;
}

/** Where ECS waits, and what for. */
function gateNote(ecs: EcsNow | null): HTMLElement | null {
  if (ecs?.gate == null) return null;
  const { stage, hooks } = ecs.gate;
  const ends = hooks.flatMap(({ expiresAt }) => expiresAt ?? []);
  const until = ends.length === 0 ? '' : `, until ${dateAndTime(Math.min(...ends))} at the latest`;
  return element('p', { class: 'gate' }, [`ECS waits for an answer at ${stage}${until}.`]);
}

const proofs: { readonly [standing in RevisionEntry['standing']]: readonly [sign: string, tone: string] } = {
  proven: ['✔', 'good'],
  failed: ['✖', 'bad'],
  'ran here': ['·', 'quiet'],
  'never ran here': ['?', 'quiet'],
};

function revisionSection(revisions: readonly RevisionEntry[]): HTMLElement {
  const rows = revisions.map(({ name, standing, isRunning, isStable, commit, startedAt }): Child[] => {
    const [sign, tone] = proofs[standing];
    const marks = [isRunning ? 'runs' : '', isStable ? 'Rewind’s way back' : ''].filter(Boolean);
    return [
      name,
      element('span', { class: `badge ${tone}` }, [
        element('span', { 'aria-hidden': 'true' }, [`${sign} `]),
        standing,
      ]),
      startedAt === null ? '–' : element('span', { class: 'when' }, [dateAndTime(startedAt)]),
      commit === '' ? '–' : commit,
      marks.join(', '),
    ];
  });
  return tableSection('Revisions', ['Revision', 'Proof', 'Last rolled out (UTC)', 'Commit', ''], rows);
}

/** The first cell of a row names it; the third and what follows needs a wide screen. */
function tableSection(heading: string, heads: readonly string[], rows: readonly Child[][]): HTMLElement {
  const kindOf = (column: number) => (column > 1 && column !== 3 ? 'wide-only' : '');
  return element('section', {}, [
    element('h2', {}, [heading]),
    rows.length === 0
      ? element('p', { class: 'note' }, ['None is known.'])
      : element('table', { class: 'index' }, [
          element('thead', {}, [
            element(
              'tr',
              {},
              heads.map((head, column) =>
                head === ''
                  ? element('td', { class: kindOf(column) })
                  : element('th', { scope: 'col', class: kindOf(column) }, [head]),
              ),
            ),
          ]),
          element(
            'tbody',
            {},
            rows.map(([first, ...others]) =>
              element('tr', {}, [
                element('th', { scope: 'row' }, first === undefined ? [] : [first]),
                ...others.map((cell, index) => element('td', { class: kindOf(index + 1) }, [cell])),
              ]),
            ),
          ),
        ]),
  ]);
}
