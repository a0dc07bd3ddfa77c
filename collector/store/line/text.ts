// Names from Flink are hostile, and the line protocol has no way to write some of them (a line break in a tag, a backslash at
// its end); the client's own quoting changes others. So text travels with the dangerous characters percent-encoded.

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const DANGEROUS = /[\u0000-\u0020\u007f%\\'",=]/g;
// eslint-disable-next-line no-control-regex -- likewise
const DANGEROUS_IN_FIELDS = /[\u0000-\u001f\u007f%\\]/g;
/** A tag must not be empty, and a `%` alone is no encoding. */
const EMPTY = '%';

const encoded = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** A name as a tag; it needs no quoting in a query either. */
export const toTag = (text: string): string => (text === '' ? EMPTY : text.replace(DANGEROUS, encoded));

/** A long text as a string field. */
export const toField = (text: string): string => text.replace(DANGEROUS_IN_FIELDS, encoded);

export const fromText = (text: string): string =>
  text === EMPTY
    ? ''
    : text.replace(/%([0-9a-f]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
