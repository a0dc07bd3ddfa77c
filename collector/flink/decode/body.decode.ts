import type { ZodType } from 'zod';

/** A decoded body, or the place where it is not what any known Flink version sends. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export type Decoder<T> = (body: unknown) => Decoded<T>;

/** Decoders are lenient: unknown keys are ignored, figures that make no sense are missing; only identity is required. */
export function fromSchema<T>(schema: ZodType<T>): Decoder<T> {
  return (body) => {
    const result = schema.safeParse(body);
    if (result.success) return { ok: true, value: result.data };
    const issue = result.error.issues[0];
    const path = issue === undefined || issue.path.length === 0 ? 'the body' : issue.path.map(String).join('.');
    return { ok: false, problem: `${path}: ${issue?.message ?? 'unexpected'}` };
  };
}

/*
 * None of these goes over the same characters from more than one start: an answer may be 16 MB of blanks, or cut off in the
 * middle of a string of escapes, and must not cost more than its length.
 */
const BIG_INTEGER_DIGITS = 16;
/** What stands before digits that are part of a word, a text or a fraction. */
const NO_INTEGER_FOLLOWS = /[\w."]/;
/** Strings (skipped whole, also one that is cut off) and numbers of a JSON text. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const BIG_INTEGER = /^-?\d{16,}$/;

/**
 * JSON text to a value. Integers of 16 digits and more become strings, because a JavaScript number cannot hold
 * int64 beyond 2^53 and Flink says "none" with 2^63−1.
 */
export function parseJson(text: string): Decoded<unknown> {
  const safe = mayHoldBigInteger(text)
    ? text.replace(STRING_OR_NUMBER, (token) => (BIG_INTEGER.test(token) ? `"${token}"` : token))
    : text;
  try {
    const value: unknown = JSON.parse(safe);
    return { ok: true, value };
  } catch {
    const end = text.trimEnd();
    if (end === '') return { ok: false, problem: 'the answer is empty' };
    const looksCut = /^[[{]/.test(end.trimStart()) && !/[\]}]$/.test(end);
    return { ok: false, problem: looksCut || unbalanced(end) ? 'the JSON is cut off' : 'the answer is not JSON' };
  }
}

/**
 * Looks at every sixteenth character only: sixteen digits in a row cannot lie between two of them. A regular expression looks at
 * every one, which took a third of the time of decoding.
 */
function mayHoldBigInteger(text: string): boolean {
  for (let at = BIG_INTEGER_DIGITS - 1; at < text.length; at += BIG_INTEGER_DIGITS) {
    if (!isDigitAt(text, at)) continue;
    let from = at;
    while (isDigitAt(text, from - 1)) from -= 1;
    // Looked at digits are not looked at again: a text may be all digits.
    while (isDigitAt(text, at + 1)) at += 1;
    const digits = at + 1 - from;
    if (digits >= BIG_INTEGER_DIGITS && from > 0 && !NO_INTEGER_FOLLOWS.test(text.charAt(from - 1))) return true;
  }
  return false;
}

function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

const unbalanced = (text: string): boolean =>
  /^\s*[[{]/.test(text) && text.split(/[[{]/).length > text.split(/[\]}]/).length;
