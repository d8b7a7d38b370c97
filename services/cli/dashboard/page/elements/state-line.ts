import { element } from '../../../report/page/elements/element';
import type { Overview } from '../../data/dashboard-data';

/** After so long without a look, what is shown may be out of date. */
const staleMilliseconds = 8000;

/** Beside the name of Rewind: what is shown, whose credentials read it, and how fresh it is. */
export class StateLine {
  readonly element = element('span', { class: 'state' });
  readonly #source = element('span');
  readonly #freshness = element('span', { class: 'freshness', role: 'status' });
  #heardAt = performance.now();
  #isFile = false;

  constructor() {
    this.element.append(this.#source, this.#freshness);
    setInterval(() => this.#watch(), 1000);
  }

  show({ source, caller, isActing }: Overview): void {
    this.#isFile = source.kind === 'export';
    const who = caller === null ? '' : `, read as ${caller.split(':').at(-1)}`;
    const what = this.#isFile ? `the file ${source.name}` : `${source.name}${who}`;
    this.#source.textContent = `${what} · ${isActing ? 'this page can act' : 'read only'}`;
    this.hear();
  }

  /** Something was heard: what is shown is so. */
  hear(): void {
    this.#heardAt = performance.now();
    this.#set('live', this.#isFile ? 'as it was exported' : 'live');
  }

  /** What is shown is what was known before. */
  trouble(sentence: string): void {
    if (!this.#isFile) this.#set('stale', `not up to date: ${sentence}`);
  }

  #watch(): void {
    const silent = performance.now() - this.#heardAt;
    if (this.#isFile || silent < staleMilliseconds || this.#freshness.dataset.state === 'stale') return;
    this.#set('stale', 'not up to date: nothing was heard for some seconds');
  }

  #set(state: string, words: string): void {
    this.#freshness.dataset.state = state;
    if (this.#freshness.textContent !== words) this.#freshness.textContent = words;
  }
}
