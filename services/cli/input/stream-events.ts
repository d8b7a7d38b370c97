import type { RewindEvent } from '../../../state-machines/log/events';
import { sortedJson } from '../../../state-machines/log/foundation/json';
import type { ServiceArn } from '../../../state-machines/log/identifiers';
import { positionOf } from '../../../state-machines/log/position';

/** Whether two events that should be one differ; what only one of them tells is no difference. */
function contradict(a: RewindEvent, b: RewindEvent): boolean {
  const others = new Map<string, unknown>(Object.entries(b));
  return Object.entries(a).some(
    ([field, value]) => others.has(field) && sortedJson(value) !== sortedJson(others.get(field)),
  );
}

/** What tells more is preferred, then what sorts first: any rule will do that knows no order. */
function isPreferred(a: RewindEvent, over: RewindEvent): boolean {
  const [text, other] = [sortedJson(a), sortedJson(over)];
  return text.length > other.length || (text.length === other.length && text < other);
}

/** The distinct events of one service. */
export class StreamEvents {
  /**
   * By id, so that most keys are texts that the events hold anyway; by position for an id that came
   * with two different times.
   */
  readonly #byKey = new Map<string, RewindEvent>();
  readonly #service: ServiceArn;
  readonly #texts = new Map<string, string>();

  constructor(service: ServiceArn) {
    this.#service = service;
  }

  /**
   * Takes an event, and says what it is to those that were taken before. Of two at one position the
   * same one stays, in whatever order they come.
   */
  add(event: RewindEvent): 'new' | 'known' | 'contradicting' {
    const own = this.#withSharedTexts(event);
    const first = this.#byKey.get(event.id);
    const key = first === undefined || first.occurredAt === event.occurredAt ? event.id : positionOf(event);
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, own);
      return 'new';
    }
    if (isPreferred(own, known)) this.#byKey.set(key, own);
    return contradict(own, known) ? 'contradicting' : 'known';
  }

  list(): RewindEvent[] {
    return [...this.#byKey.values()];
  }
  /**
   * The event with texts that all events share: copies of them would take 40 of replay's 300 MB. It
   * has just been read, and nobody else holds it.
   */
  #withSharedTexts(event: RewindEvent): RewindEvent {
    const service = this.#service;
    if (event.type !== 'TaskChanged') return Object.assign(event, { service });
    const { task, deployment, taskDefinition, host } = event;
    return Object.assign(event, {
      service,
      task: this.#shared(task),
      deployment: this.#shared(deployment),
      taskDefinition: this.#shared(taskDefinition),
      ...(host === undefined ? {} : { host: this.#shared(host) }),
    });
  }

  #shared<Text extends string | null>(text: Text): Text {
    if (text === null) return text;
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return (known ?? text) as Text;
  }
}
