interface Heard {
  readonly kind: string;
  readonly data: { readonly changes: number };
}

/** A tab that looks: it hears events as a browser would. */
export class LookingTab {
  readonly #heard: Heard[] = [];
  readonly #abort = new AbortController();
  #wake: () => void = () => {};

  static async open(origin: string, headers: Record<string, string>, query = ''): Promise<LookingTab> {
    const tab = new LookingTab();
    const answer = await fetch(new URL(`/api/events${query}`, origin), {
      headers,
      signal: tab.#abort.signal,
    });
    void tab.#listen(answer).catch(() => {});
    return tab;
  }

  async #listen({ body }: Response): Promise<void> {
    let text = '';
    for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const [, kind = '', data = '{}'] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
        if (kind !== '') this.#heard.push({ kind, data: JSON.parse(data) });
      }
      this.#wake();
    }
  }

  /** The next event of a kind. */
  async hear(kind: string): Promise<Heard> {
    for (;;) {
      const index = this.#heard.findIndex((heard) => heard.kind === kind);
      const [found] = index < 0 ? [] : this.#heard.splice(index, 1);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    this.#abort.abort();
  }
}
