import { readFileSync } from 'node:fs';
import { secretVariable, type SecretKind } from './config/alert-secrets.js';

export type Env = Readonly<Record<string, string | undefined>>;

/** Secrets of one channel: from its variable, else from its file, which is read at each message so that a rotated one needs no restart. */
export class ChannelSecrets {
  readonly #channel: string;
  readonly #path: string;
  readonly #env: Env;
  readonly #problems: string[];

  /** What is missing now is added to `problems`; `path` is the channel's place in the configuration. */
  constructor(channel: string, path: string, env: Env, problems: string[]) {
    this.#channel = channel;
    this.#path = path;
    this.#env = env;
    this.#problems = problems;
  }

  optional(kind: SecretKind, file: string | undefined): () => string | undefined {
    const variable = this.#env[secretVariable(this.#channel, kind)];
    if (variable !== undefined && variable !== '') return () => variable;
    if (file === undefined) return () => undefined;
    this.check(file);
    return () => firstLine(file);
  }

  /** A file that is missing from the start is a mistake to tell at once. */
  check(file: string | undefined): void {
    if (file !== undefined && firstLine(file) === undefined)
      this.#problems.push(`${this.#path}: ${file} cannot be read; give the path of a file that this user may read`);
  }

  /** An address that is a secret itself, as those of chats are. */
  url({ url, urlFile }: { readonly url?: string | undefined; readonly urlFile?: string | undefined }): () => string {
    const secret = this.optional('URL', urlFile);
    const first = url ?? secret();
    if (first === undefined || !/^https?:\/\//.test(first) || !URL.canParse(first))
      this.#problems.push(
        `${this.#path}: needs the URL to send to, which begins with https://: name its file with urlFile, or set ${secretVariable(this.#channel, 'URL')}`,
      );
    return () => url ?? secret() ?? '';
  }
}

function firstLine(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0]?.trim();
  } catch {
    return undefined;
  }
}
