import { element } from '../../../report/page/elements/element';
import { clockText, dateAndTime } from '../../../report/page/elements/time-text';
import type { RolloutDetail } from '../../../report/report-data';
import type { RolloutLife } from '../../data/dashboard-data';
import { knowledgeFigure } from './knowledge-figure';

/** What the slider stands at, and what was known there. */
interface TravelView {
  readonly life: RolloutLife;
  /** Null: now. */
  readonly at: number | null;
  readonly knownAt: number;
  readonly detail: RolloutDetail | null;
  /** Where the rollout stood, as known then. */
  readonly words: string;
}

const playMilliseconds = 12_000;
const frameMilliseconds = 200;
/** For those who asked for less motion: from fact to fact, with time to read. */
const calmMilliseconds = 1500;

/**
 * The slider over the life of a rollout: wherever it stands, the page shows what was known by then.
 * Above it, what happened when, and when that was learnt.
 */
export class TimeTravel {
  readonly element: HTMLElement;
  readonly #move: (at: number | null) => Promise<void>;
  readonly #slider: HTMLInputElement;
  readonly #figure = element('div', { class: 'knowledge' });
  readonly #words = element('p', { class: 'travel-words', role: 'status' });
  readonly #play: HTMLButtonElement;
  readonly #now: HTMLButtonElement;
  #view: TravelView | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #width = 0;

  constructor(move: (at: number | null) => Promise<void>) {
    this.#move = move;
    this.#slider = element('input', {
      type: 'range',
      'aria-label': 'What was known at',
      input: () => this.#moveTo(Number(this.#slider.value)),
    });
    const button = (words: string, label: string, click: () => void) =>
      element('button', { type: 'button', 'aria-label': label, title: label, click }, [words]);
    this.#play = button('▶', 'Play', () =>
      this.#timer === null ? this.#startPlaying() : this.#stopPlaying(),
    );
    this.#now = button('Now', 'What is known now', () => this.#leave());
    this.element = element('section', { class: 'travel', 'aria-label': 'Time travel' }, [
      this.#figure,
      this.#slider,
      element('div', { class: 'travel-controls' }, [
        this.#play,
        button('‹', 'To the fact before', () => this.#step(-1)),
        button('›', 'To the next fact', () => this.#step(1)),
        this.#now,
        this.#words,
      ]),
    ]);
    new ResizeObserver(([entry]) => {
      this.#width = Math.floor(entry?.contentRect.width ?? 0);
      this.#draw();
    }).observe(this.#figure);
  }

  show(view: TravelView): void {
    this.#view = view;
    const { life, at, knownAt, words } = view;
    const place = at ?? life.to;
    Object.assign(this.#slider, {
      min: String(life.from),
      max: String(life.to),
      step: String(Math.max(1, Math.round((life.to - life.from) / 500))),
    });
    if (Math.abs(Number(this.#slider.value) - place) > Number(this.#slider.step) / 2) {
      this.#slider.value = String(place);
    }
    const elapsed = clockText(Math.max(0, knownAt - life.from));
    const facts = view.detail?.events.at.length ?? 0;
    const left = life.facts - facts;
    const ahead = at === null || left <= 0 ? '' : `, ${left.toLocaleString('en-US')} yet to be learnt`;
    const when = at === null ? 'Now' : `As known at ${dateAndTime(knownAt)}, ${elapsed} after the start`;
    const sentence = `${when}: ${words}; ${facts.toLocaleString('en-US')} facts known${ahead}.`;
    if (this.#words.textContent !== sentence) this.#words.textContent = sentence;
    this.#slider.setAttribute('aria-valuetext', `${elapsed} after the start: ${words}`);
    this.#now.disabled = at === null;
    this.#draw();
  }

  #draw(): void {
    if (this.#view === null || this.#width === 0) return;
    const { life, at } = this.#view;
    this.#figure.replaceChildren(knowledgeFigure(life, at, this.#width));
  }

  #moveTo(at: number): void {
    this.#stopPlaying();
    void this.#move(this.#view !== null && at >= this.#view.life.to ? null : at);
  }

  /** Facts are what was learnt: each stands where it was. */
  #step(direction: -1 | 1): void {
    this.#stopPlaying();
    this.#stepOnce(direction);
  }

  #stepOnce(direction: -1 | 1): boolean {
    if (this.#view === null) return false;
    const { life, at } = this.#view;
    const place = at ?? life.to + 1;
    const next =
      direction < 0
        ? (life.learnt.findLast((one) => one < place) ?? life.from)
        : life.learnt.find((one) => one > place);
    void this.#move(next ?? null);
    return next !== undefined;
  }

  #startPlaying(): void {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#play.textContent = '‖';
    this.#play.setAttribute('aria-label', 'Pause');
    if (this.#view !== null && this.#view.at === null) void this.#move(this.#view.life.from);
    this.#timer = setInterval(
      () => {
        if (!this.element.isConnected || !(isCalm ? this.#stepOnce(1) : this.#glide())) this.#stopPlaying();
      },
      isCalm ? calmMilliseconds : frameMilliseconds,
    );
  }

  #glide(): boolean {
    if (this.#view === null) return false;
    const { life, at } = this.#view;
    const next = (at ?? life.from) + ((life.to - life.from) * frameMilliseconds) / playMilliseconds;
    const isOver = next >= life.to;
    void this.#move(isOver ? null : next);
    return !isOver;
  }

  #stopPlaying(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#play.textContent = '▶';
    this.#play.setAttribute('aria-label', 'Play');
  }

  #leave(): void {
    this.#stopPlaying();
    void this.#move(null);
    this.#slider.focus();
  }
}
