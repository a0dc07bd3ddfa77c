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
const MAY_HOLD_BIG_INTEGER = /[^\d."\w]\d{16,}/;
/** Strings (skipped whole, also one that is cut off) and numbers of a JSON text. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const BIG_INTEGER = /^-?\d{16,}$/;

/**
 * JSON text to a value. Integers of 16 digits and more become strings, because a JavaScript number cannot hold
 * int64 beyond 2^53 and Flink says "none" with 2^63−1.
 */
export function parseJson(text: string): Decoded<unknown> {
  const safe = MAY_HOLD_BIG_INTEGER.test(text)
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

const unbalanced = (text: string): boolean =>
  /^\s*[[{]/.test(text) && text.split(/[[{]/).length > text.split(/[\]}]/).length;
