import { element } from '../../../report/page/elements/element';
import type { ServiceEntry } from '../../data/dashboard-data';
import type { AppContext } from '../screen';

/** Something that somebody may do to a service. */
export interface PageAct {
  readonly words: string;
  readonly action: 'rollback' | 'abort' | 'promote' | 'skipBake' | 'pause' | 'resume' | 'freeze' | 'unfreeze';
  /** What else has to be said; null for nothing. */
  readonly choice: {
    readonly name: string;
    readonly label: string;
    readonly values: readonly string[];
  } | null;
}

/**
 * Asks for a reason and for the name of the service, shows what would be done, and does it. A
 * dialog that is yet to be opened.
 */
export function actDialog(context: AppContext, entry: ServiceEntry, act: PageAct): HTMLDialogElement {
  return new ActForm(context, entry, act).dialog;
}

class ActForm {
  readonly dialog: HTMLDialogElement;
  readonly #context: AppContext;
  readonly #entry: ServiceEntry;
  readonly #act: PageAct;
  readonly #choice: HTMLSelectElement | null;
  readonly #reason = element('textarea', { id: 'act-reason', rows: 2, required: true });
  readonly #typed = element('input', {
    id: 'act-typed',
    autocomplete: 'off',
    spellcheck: 'false',
    required: true,
  });
  readonly #preview = element('pre', { role: 'status', tabindex: 0, 'aria-label': 'What would be done' });
  readonly #submit = element('button', { type: 'submit', class: 'danger', disabled: true });

  constructor(context: AppContext, entry: ServiceEntry, act: PageAct) {
    this.#context = context;
    this.#entry = entry;
    this.#act = act;
    this.#choice =
      act.choice === null
        ? null
        : element(
            'select',
            { id: 'act-choice', change: () => void this.#look() },
            act.choice.values.map((value) => element('option', { value }, [value])),
          );
    this.#submit.textContent = act.words;
    const check = () => {
      this.#submit.disabled = this.#typed.value !== entry.path || this.#reason.value.trim() === '';
    };
    this.#typed.addEventListener('input', check);
    this.#reason.addEventListener('input', check);
    this.dialog = this.#build();
    this.dialog.addEventListener('close', () => this.dialog.remove());
    void this.#look();
  }

  #build(): HTMLDialogElement {
    const { choice, words } = this.#act;
    const { path, region, account } = this.#entry;
    const submit = (event: Event) => {
      event.preventDefault();
      void this.#do();
    };
    return element('dialog', { 'aria-labelledby': 'act-heading', class: 'act' }, [
      element('div', { class: 'dialog-head' }, [
        element('h2', { id: 'act-heading' }, [`${words}: ${path}`]),
        element('button', { type: 'button', click: () => this.dialog.close() }, ['Close']),
      ]),
      element('p', { class: 'note' }, [`${region}, account ${account}`]),
      element('form', { submit }, [
        ...(choice === null || this.#choice === null
          ? []
          : [element('label', {}, [choice.label, this.#choice])]),
        this.#preview,
        element('label', {}, ['Why, for the audit and the history', this.#reason]),
        element('label', {}, [`Type ${path} to have it done`, this.#typed]),
        this.#submit,
      ]),
    ]);
  }

  async #look(): Promise<void> {
    this.#preview.textContent = 'One moment: AWS is being asked what would be done …';
    try {
      const { lines } = await this.#ask(true);
      this.#preview.textContent = lines.join('\n');
    } catch (error) {
      this.#preview.textContent = (error as Error).message;
    }
  }

  async #do(): Promise<void> {
    this.#submit.disabled = true;
    this.#preview.textContent = 'It is being done …';
    try {
      const { lines, command } = await this.#ask(false);
      this.#preview.textContent = [...lines, '', `the same in a terminal: ${command}`].join('\n');
      await this.#context.refresh();
    } catch (error) {
      this.#preview.textContent = (error as Error).message;
    }
  }

  #ask(isPreview: boolean) {
    const { action, choice } = this.#act;
    const chosen = choice === null || this.#choice === null ? {} : { [choice.name]: this.#choice.value };
    const until = action === 'freeze' ? { until: '24h' } : {};
    return this.#context.client.act({
      act: { action, ...chosen, ...until },
      service: this.#entry.service,
      isPreview,
      typed: this.#typed.value,
      reason: this.#reason.value,
    });
  }
}
