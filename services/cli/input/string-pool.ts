import type { RewindEvent } from '../../../state-machines/log/events';
import type { TaskChanged } from '../../../state-machines/log/observed-events';

/**
 * Keeps one copy of every text that stands in many events. A history of 200,000 notifications names the same few hundred services,
 * deployments and reasons again and again.
 */
export class StringPool {
  private readonly texts = new Map<string, string>();

  /** The event with its texts taken from the pool: in place, because a second object would cost more than the texts do. */
  compact<Event extends RewindEvent>(event: Event): Event {
    if (event.type === 'TaskChanged') this.compactTask(event);
    else this.compactFields(event as unknown as { [key: string]: unknown });
    return event;
  }

  intern<Text extends string>(text: Text): Text {
    const known = this.texts.get(text);
    if (known !== undefined) return known as Text;
    // V8 makes a slice of a string a window on the whole of it: a task's id would keep its notification's ARN alive.
    const copy = Buffer.from(text).toString();
    this.texts.set(copy, copy);
    return copy as Text;
  }

  /** Most events are of tasks: by its name a field is read and set several times as fast as by a variable. */
  private compactTask(event: { -readonly [field in keyof TaskChanged]: TaskChanged[field] }): void {
    event.service = this.intern(event.service);
    event.task = this.intern(event.task);
    event.lastStatus = this.intern(event.lastStatus);
    if (event.deployment !== null) event.deployment = this.intern(event.deployment);
    if (event.taskDefinition !== null) event.taskDefinition = this.intern(event.taskDefinition);
    if (event.stopped !== null) this.compactFields(event.stopped as unknown as { [key: string]: unknown });
  }

  private compactFields(fields: { [key: string]: unknown }): void {
    for (const key of Object.keys(fields)) {
      const value = fields[key];
      // No two events share an id: the pool would only hold it once more.
      if (key === 'id') continue;
      if (typeof value === 'string') fields[key] = this.intern(value);
      else if (typeof value === 'object' && value !== null) this.compactFields(value as typeof fields);
    }
  }
}
