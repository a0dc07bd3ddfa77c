import { isSecretName, MASK, maskText, maskValue } from '../flink/mask.js';
import { MAX_BODY_DEPTH } from './limits.js';

/** Masks one text; what the recorder knows to be secret besides is in it too. */
export type MaskString = (text: string) => string;

/**
 * A whole answer of Flink with every secret masked, also in the fields that no decoder reads: `{key, value}` pairs by their
 * key, fields by their name, all other texts by what stands in them.
 */
export function maskBody(body: unknown, mask: MaskString = maskText): unknown {
  return maskAt(body, mask, 0);
}

function maskAt(value: unknown, mask: MaskString, depth: number): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value !== 'object' || value === null) return value;
  // Nothing that deep is read, and a text that only nests must not use up the stack.
  if (depth >= MAX_BODY_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => maskAt(item, mask, depth + 1));
  const { key } = value as { key?: unknown };
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      mask(name),
      maskNamed(name === 'value' && typeof key === 'string' ? key : name, inner, mask, depth + 1),
    ]),
  );
}

function maskNamed(name: string, value: unknown, mask: MaskString, depth: number): unknown {
  if (typeof value === 'string') return mask(maskValue(name, value));
  if (value === null || typeof value === 'boolean' || !isSecretName(name)) return maskAt(value, mask, depth);
  return MASK;
}

/** A path as it stands in a bundle: names that users gave to operators are part of the paths of metrics. */
export function maskPath(path: string): string {
  try {
    const plain = decodeURIComponent(path);
    const masked = maskText(plain);
    // One that was masked before is asked for in its encoded form.
    return masked === plain && !plain.includes(MASK) ? path : masked;
  } catch {
    return maskText(path);
  }
}
