/** What stands in place of a secret; the same word Flink uses. */
export const MASK = '******';

/**
 * Names of options that hold secrets. Flink masks only some of these, and which ones depends on its version
 * (REST-TRUTH §6: credentials, passphrases, private keys and access keys leak in all of them).
 */
const SECRET_WORD =
  'password|passwd|pwd|secret|token|credential|passphrase|private[-_.]?key|access[-_.]?key|api[-_.]?key|auth[-_.]?params|' +
  'service[-_.]?key|account[-_.]?key|basic[-_.]?auth|jaas[-_.]?config|http[-_.]?headers|authorization|sasl[-_.]?config';
const SECRET_KEY = new RegExp(`${SECRET_WORD}|(^|[-_.])auth($|[-_.])`, 'i');
/** Words that tell nobody a secret; without them `security.delegation.tokens.enabled` would be lost. */
const HARMLESS_VALUE = /^\s*(true|false|)\s*$/i;

/** `scheme://user:password@host` */
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/]*@/gi;
/** `name=value` and `name: value` where the name is a secret's: URL queries, `-D` options, JAAS lines, JSON. */
const NAMED_SECRET = new RegExp(
  `((?:[\\w.-]*(?:${SECRET_WORD})[\\w.-]*)["']?\\s*[=:]\\s*)("[^"]*"|'[^']*'|[^\\s;&,"'}\\])]+)`,
  'gi',
);
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,}/gi;

/** Free text (a stack trace, JVM options, a URL) with every secret in it masked. */
export function maskText(text: string): string {
  return text
    .replace(URL_PASSWORD, `$1${MASK}@`)
    .replace(BEARER, `$1 ${MASK}`)
    .replace(NAMED_SECRET, (whole, name: string, value: string) => (HARMLESS_VALUE.test(value) ? whole : name + MASK));
}

/** The value of a configuration option, masked when its key names a secret or its text holds one. */
export function maskValue(key: string, value: string): string {
  if (SECRET_KEY.test(key) && !HARMLESS_VALUE.test(value)) return MASK;
  return maskText(value);
}
