import type { EcsNow } from '../../data/dashboard-data';
import type { AppContext } from '../screen';

const lookMilliseconds = 10_000;

/** What ECS itself shows of the service that is open: asked now and then, while somebody looks. */
export class EcsWatch {
  readonly #context: AppContext;
  readonly #service: string;
  readonly #changed: () => void;
  #now: EcsNow | null = null;

  constructor(context: AppContext, service: string, changed: () => void) {
    this.#context = context;
    this.#service = service;
    this.#changed = changed;
  }

  /** Null where ECS cannot be asked, or has not been yet. */
  get now(): EcsNow | null {
    return this.#now;
  }

  /** Asks for as long as `main` is on the page. */
  start(main: HTMLElement): void {
    if (this.#context.overview.source.kind === 'export') return;
    void this.#ask();
    const timer = setInterval(() => {
      if (!main.isConnected) clearInterval(timer);
      else if (!document.hidden) void this.#ask();
    }, lookMilliseconds);
  }

  async #ask(): Promise<void> {
    // The log alone says enough: ECS of another account is nobody's to ask from here.
    const now = await this.#context.client.ecs(this.#service).catch(() => null);
    if (JSON.stringify(now) === JSON.stringify(this.#now)) return;
    this.#now = now;
    this.#changed();
  }
}
