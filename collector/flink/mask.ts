/** What stands in place of a secret; the same word Flink uses. */
export const MASK = '******';

/**
 * Names of options that hold secrets. Flink masks only some of these, and which ones depends on its version
 * (REST-TRUTH §6: credentials, passphrases, private keys and access keys leak in all of them).
 */
const SECRET_WORD =
  'password|passwd|pwd|secret|token|credential|passphrase|private[-_.]?key|access[-_.]?key|api[-_.]?key|auth[-_.]?params|' +
  'service[-_.]?key|account[-_.]?key|basic[-_.]?auth|jaas[-_.]?config|http[-_.]?headers|authorization|sasl[-_.]?config';
const SECRET_KEY = new RegExp(`${SECRET_WORD}|(^|[-_.])(auth|pass)($|[-_.])`, 'i');
/** Words that tell nobody a secret; without them `security.delegation.tokens.enabled` would be lost. */
const HARMLESS_VALUE = /^\s*(true|false|)\s*$/i;

/*
 * Every quantifier that could run over the same characters from many starts is bounded: the texts are foreign, up to 16 MB,
 * and one that is nothing but letters must not cost minutes. A quoted value may lack its end, because texts are cut;
 * what stands right behind its end belongs to it, as in a shell.
 */
const VALUE = String.raw`(?:\\+"[^"]*(?:"|$)|"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\.|[^'\\])*(?:'|\\?$))[^\s;&,"'}\])]*|[^\s;&,"'}\])]+`;
/** `scheme://user:password@host` */
const URL_PASSWORD = /([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]{0,200}:)[^\s/]*@/gi;
/** `jdbc:oracle:thin:user/password@host` */
const ORACLE_PASSWORD = /(jdbc:oracle:\w{1,20}:[^/\s@]{1,200}\/)[^\s@]+@/gi;
/** Signatures of presigned and SAS URLs. */
const URL_SIGNATURE = /([?&](?:sig|(?:x-(?:amz|goog)-)?signature)=)[^&\s"']+/gi;
/** `name=value` and `name: value` where the name is a secret's: URL queries, `-D` options, JAAS lines, JSON, JSON in JSON. */
const NAMED_SECRET = new RegExp(`((?:${SECRET_WORD}|\\bpass)[\\w.-]{0,64}(?:\\\\*["'])?\\s*[=:]\\s*)(${VALUE})`, 'gi');
/** `--password value`, as a command line has it. */
const FLAG_SECRET = new RegExp(
  `((?<!\\S)--?[\\w.-]{0,64}?(?:${SECRET_WORD})[\\w.-]{0,64}[ \\t]+)(?!-)(${VALUE})`,
  'gi',
);
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,}/gi;
const COOKIE = /\b((?:set-)?cookie["']?\s*[=:]\s*)[^\r\n"']+/gi;
/** Secrets that are known by their own form. */
const WELL_KNOWN =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*-----)?|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;

/** What all but the well-known ones need: most texts are one word, and an answer may hold thousands. */
const MAY_NAME_SECRET = /[=:\s]/;

/** Whether an option or field of this name holds a secret. */
export const isSecretName = (name: string): boolean => SECRET_KEY.test(name);

/** Free text (a stack trace, JVM options, a URL) with every secret in it masked. */
export function maskText(text: string): string {
  const unlessHarmless = (whole: string, name: string, value: string): string =>
    HARMLESS_VALUE.test(value) ? whole : name + MASK;
  const masked = text.replace(WELL_KNOWN, MASK);
  if (!MAY_NAME_SECRET.test(masked)) return masked;
  return masked
    .replace(URL_PASSWORD, `$1${MASK}@`)
    .replace(ORACLE_PASSWORD, `$1${MASK}@`)
    .replace(URL_SIGNATURE, `$1${MASK}`)
    .replace(BEARER, `$1 ${MASK}`)
    .replace(COOKIE, `$1${MASK}`)
    .replace(NAMED_SECRET, unlessHarmless)
    .replace(FLAG_SECRET, unlessHarmless);
}

/** The value of a configuration option, masked when its key names a secret or its text holds one. */
export function maskValue(key: string, value: string): string {
  if (isSecretName(key) && !HARMLESS_VALUE.test(value)) return MASK;
  return maskText(value);
}
