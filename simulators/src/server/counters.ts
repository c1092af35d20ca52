/** Counts by name and labels, written in the Prometheus text format. */
export class Counters {
  readonly #help = new Map<string, string>();
  readonly #counts = new Map<string, Map<string, number>>();

  describe(name: string, help: string): void {
    this.#help.set(name, help);
    this.#counts.set(name, new Map());
  }

  add(name: string, labels = '', amount = 1): void {
    const byLabels = this.#counts.get(name);
    byLabels?.set(labels, (byLabels.get(labels) ?? 0) + amount);
  }

  render(): string {
    let text = '';
    for (const [name, help] of this.#help) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} counter\n`;
      for (const [labels, count] of this.#counts.get(name) ?? []) {
        text += `${name}${labels === '' ? '' : `{${labels}}`} ${count}\n`;
      }
    }
    return text;
  }
}
