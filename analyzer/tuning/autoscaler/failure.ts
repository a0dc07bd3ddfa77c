import { Refusal } from '../values/refusal.js';

export type FailureKind =
  | 'ArithmeticException'
  | 'IllegalArgumentException'
  | 'IllegalConfigurationException'
  | 'NumberFormatException'
  | 'RuntimeException';

/** The autoscaler gives up a round with a Java exception. Thrown inside the model; it leaves it as a value (`attempted`). */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
  ) {
    super(message);
  }
}

export type Attempted<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly kind: FailureKind; readonly message: string };

/** Runs a part of the model; the autoscaler's exception becomes a value. */
export function attempted<T>(part: () => T): Attempted<T> {
  try {
    return { ok: true, value: part() };
  } catch (error) {
    if (error instanceof Failure || error instanceof Refusal)
      return { ok: false, kind: error.kind, message: error.message };
    throw error;
  }
}
