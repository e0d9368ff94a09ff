/** The wait before a refusal. Real time, and over at once when its session ends. Source: [bb125140] TarpitInterval. */
export class Tarpit {
  #timer: NodeJS.Timeout | undefined;
  #over: () => void = () => {};

  get waiting(): boolean {
    return this.#timer !== undefined;
  }

  wait(intervalMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#over = resolve;
      this.#timer = setTimeout(() => this.end(), intervalMs);
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#over();
  }
}

/**
 * The data of a tarpit row: `Tarpit for '0.00:00:05'`, days always, milliseconds where there are some.
 * Source: published logs (docs/fidelity.md#tarpit).
 */
export function formatTarpit(intervalMs: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const seconds = intervalMs / 1000;
  const clock = [(seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map(two).join(":");
  const fraction = intervalMs % 1000 === 0 ? "" : `.${String(intervalMs % 1000).padStart(3, "0")}`;
  return `Tarpit for '${Math.floor(seconds / 86_400)}.${clock}${fraction}'`;
}
