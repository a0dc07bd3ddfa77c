import { Refusal } from './refusal.js';

export type Configuration = Readonly<Record<string, string>>;

/** An option as Flink declares it: its key, its deprecated names, the default's text as Flink prints it. */
export interface ConfigOption {
  readonly key: string;
  /** Names that are still read, after the key. */
  readonly deprecated?: readonly string[];
  /** Undefined: no default. */
  readonly default?: string;
}

/** The value that is set under the key or else under a name that is still read. */
export function setValue(configuration: Configuration, { key, deprecated = [] }: ConfigOption): string | undefined {
  return [key, ...deprecated].map((name) => configuration[name]).find((value) => value !== undefined);
}

export const isSet = (configuration: Configuration, option: ConfigOption): boolean =>
  setValue(configuration, option) !== undefined;

/** Reads an option that is set; a value that cannot be read is refused in the words of `Configuration.getOptional`. */
export function readSet<T>(
  configuration: Configuration,
  option: ConfigOption,
  read: (text: string) => T,
): T | undefined {
  const text = setValue(configuration, option);
  if (text === undefined) return undefined;
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal('IllegalArgumentException', `Could not parse value '${text}' for key '${option.key}'.`, error);
  }
}

/** The name by which an option is set: its key or a name that is still read. */
export function nameSet(configuration: Configuration, { key, deprecated = [] }: ConfigOption): string | undefined {
  return [key, ...deprecated].find((name) => configuration[name] !== undefined);
}
