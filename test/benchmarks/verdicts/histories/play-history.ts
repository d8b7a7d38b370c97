import { type Notification, SeededRandom } from '../../../../infra/ecs-simulator/src/ecs-simulator';
import { kinds } from '../kinds/kinds';
import { NativeJudge } from '../service/native-judge';
import { Scene } from '../service/scene';
import { drawSetting, type ServiceSetting } from '../service/service-setting';
import { alarmName, type NativeProtection, SimulatedService } from '../service/simulated-service';
import { type Cell, type CompactHistory, nameOfCell } from './compact-history';
import { NotificationPacker } from './compact-notifications';

interface PlayOptions {
  /** How long it goes on behind the start of the judged rollout; six hours when left out. */
  readonly hours?: number;
  /** What ECS itself does about failures; nothing, when left out. */
  readonly protection?: NativeProtection;
  /** Sees every notification as it was sent. */
  readonly emit?: (notification: Notification) => void;
}

const hour = 3600;
const minute = 60;
/** What a bad release shows after this many failures, and so long, it will go on showing. */
const enough = { failuresPerTask: 2.5, failures: 20, behindSignSeconds: 20 * minute };

/** Plays one history. The same cell gives the same history on every machine. */
export function playHistory(cell: Cell, options: PlayOptions = {}): CompactHistory {
  const play = new Play(cell, options);
  play.run();
  return play.history();
}

/** The chance of a cell, independent of every other's. */
function chanceOf({ kind, size, seed }: Cell): SeededRandom {
  let hash = 2166136261;
  for (const character of `${kind} ${size} ${seed}`)
    hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  const random = new SeededRandom(hash);
  for (let skipped = 0; skipped < 3; skipped += 1) random.next();
  return random;
}

class Play {
  readonly #cell: Cell;
  readonly #setting: ServiceSetting;
  readonly #service: SimulatedService;
  readonly #native: NativeJudge;
  readonly #packer = new NotificationPacker();
  readonly #isBad: boolean;
  readonly #hours: number;
  #firstSignAt: number | null = null;
  #failures = 0;

  constructor(cell: Cell, { protection = {}, hours = 6, emit }: PlayOptions) {
    const kind = kinds.find(({ name }) => name === cell.kind);
    if (kind === undefined) throw new Error(`there is no kind ${cell.kind}`);
    const random = chanceOf(cell);
    this.#cell = cell;
    this.#hours = hours;
    this.#isBad = kind.truth === 'bad';
    this.#setting = drawSetting(random, { size: cell.size, choice: kind.setting });
    this.#service = new SimulatedService({
      ...{ size: cell.size, setting: this.#setting, protection },
      seed: random.integer(1, 2 ** 31),
      hosts: hostsFor(cell.size, random),
      emit: (notification) => {
        emit?.(notification);
        this.#take(notification);
      },
    });
    this.#native = new NativeJudge(this.#service, this.#setting);
    kind.stage(new Scene({ random, size: cell.size, setting: this.#setting, service: this.#service }));
  }

  run(): void {
    const { clock } = this.#service;
    this.#service.create();
    this.#service.deployJudged();
    const end = this.#service.judgedAt + this.#hours * hour * 1000;
    while (clock.now() < end && !this.#hasShownEnough()) clock.advanceBy(10);
  }

  history(): CompactHistory {
    const { judged, judgedAt, clock } = this.#service;
    if (judged === null) throw new Error(`${nameOfCell(this.#cell)} was not played`);
    return {
      ...this.#cell,
      service: 'arn:aws:ecs:us-east-1:123456789012:service/prod/web',
      deployment: judged,
      judgedAt,
      until: clock.now(),
      firstSignAt: this.#firstSignAt,
      alarms: this.#setting.hasAlarm ? [alarmName] : [],
      native: this.#native.verdicts(),
      setting: settingText(this.#setting),
      ...this.#packer.packed(),
    };
  }

  #take(notification: Notification): void {
    this.#packer.take(notification);
    this.#native.take(notification);
    if (notification['detail-type'] === 'ECS Task State Change') {
      const loss = this.#service.book.take(notification);
      if (loss?.isOfTheRelease) this.#sign();
    }
    const { state } = notification.detail as { state?: { value?: string } };
    if (this.#isBad && state?.value === 'ALARM') this.#sign();
  }

  #sign(): void {
    this.#failures += 1;
    this.#firstSignAt ??= this.#service.clock.now();
  }

  #hasShownEnough(): boolean {
    const { failuresPerTask, failures, behindSignSeconds } = enough;
    if (!this.#isBad || this.#firstSignAt === null) return false;
    const behind = (this.#service.clock.now() - this.#firstSignAt) / 1000;
    return behind > behindSignSeconds && this.#failures > failuresPerTask * this.#cell.size + failures;
  }
}

/** One has 6 to 20 % of the tasks; the small services have as many as tasks. */
function hostsFor(size: number, random: SeededRandom): number {
  return size <= 3 ? 3 : random.integer(5, 16);
}

function settingText(setting: ServiceSetting): string {
  const { health, launchType, minimumHealthyPercent, maximumPercent, judgedAfterSeconds } = setting;
  const age = `${(judgedAfterSeconds / hour).toFixed(1)} h`;
  return `${health} ${launchType} ${minimumHealthyPercent}/${maximumPercent} ${age}`;
}
