/** When the data on this page was read from Flink. The page says it, the header shows it. */
class ReadMs {
  #value = $state<number | undefined>();

  get value(): number | undefined {
    return this.#value;
  }
  set(value: number | undefined): void {
    this.#value = value;
  }
}

export const readMs = new ReadMs();
