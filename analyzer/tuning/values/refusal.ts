/** Java's exceptions by which Flink refuses a configuration. */
export type RefusalKind =
  'ArithmeticException' | 'IllegalArgumentException' | 'IllegalConfigurationException' | 'NumberFormatException';

/** What Flink says when it refuses: `[exception class, message]`, the outermost first, then the root cause if it says something new. */
export type Refused = readonly (readonly [kind: RefusalKind, message: string])[];

/**
 * Flink refuses a value. Thrown inside the models, which follow Flink's own order of checks line by line; it leaves them
 * as a value (`attempt`), never as an exception.
 */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    readonly because?: Refusal,
  ) {
    super(message);
  }

  /** Flink's way to say it: the outermost message, and the root cause where that says more. */
  get told(): Refused {
    const root = this.root;
    const outermost = [this.kind, this.message] as const;
    return this.message.includes(root.message) ? [outermost] : [outermost, [root.kind, root.message]];
  }

  private get root(): Refusal {
    return this.because === undefined ? this : this.because.root;
  }
}

export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refused: Refused };

/** Runs a model; a refusal of Flink's becomes a value. */
export function attempt<T>(model: () => T): Attempt<T> {
  try {
    return { ok: true, value: model() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, refused: error.told };
    throw error;
  }
}

/** Runs a part; what it refuses with `IllegalConfigurationException` is told with this in front. */
export function prefixed<T>(prefix: string, part: () => T): T {
  try {
    return part();
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'IllegalConfigurationException')
      throw new Refusal('IllegalConfigurationException', prefix + error.message, error);
    throw error;
  }
}

/** The one sentence of a refusal: Flink's outermost message. */
export function refusedOf({ refused }: { readonly refused: Refused }): string {
  return refused[0]?.[1] ?? '';
}
