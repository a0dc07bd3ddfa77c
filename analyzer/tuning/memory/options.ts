import { readMemorySize } from '../values/memory-size.js';
import { Refusal } from '../values/refusal.js';

export type Configuration = Readonly<Record<string, string>>;

/** In a container (Kubernetes, YARN) the legacy heap options mean the whole process, otherwise Flink's memory or heap. */
export type Deployment = 'standalone' | 'container';

/** An option as Flink declares it: its key, its deprecated names, the default's text as Flink prints it. */
export interface MemoryOption {
  readonly key: string;
  /** Names that are still read, after the key. */
  readonly deprecated?: readonly string[];
  /** Undefined: no default. */
  readonly default?: string;
}

/** The value that is set under the key or else under a name that is still read. */
export function setValue(configuration: Configuration, { key, deprecated = [] }: MemoryOption): string | undefined {
  return [key, ...deprecated].map((name) => configuration[name]).find((value) => value !== undefined);
}

export const isSet = (configuration: Configuration, option: MemoryOption): boolean =>
  setValue(configuration, option) !== undefined;

/** Reads an option that is set; a value that cannot be read is refused in the words of `Configuration.getOptional`. */
export function readSet<T>(
  configuration: Configuration,
  option: MemoryOption,
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

/** `ProcessMemoryUtils.getMemorySizeFromConfig`: an option's size, or its default's. @throws Refusal */
export function sizeOf(configuration: Configuration, option: MemoryOption): bigint {
  try {
    const size = readSet(configuration, option, readMemorySize);
    if (size !== undefined) return size;
    if (option.default !== undefined) return readMemorySize(option.default);
    throw new Refusal('IllegalArgumentException', 'The memory option is not set and has no default value.');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(
      'IllegalConfigurationException',
      `Cannot read memory size from config option '${option.key}'.`,
      error,
    );
  }
}

/** `ConfigOption.toString`, as it stands in Flink's messages. */
export function showOption({ key, deprecated = [], default: value }: MemoryOption): string {
  const names = deprecated.map((name) => `{key=${name}, isDeprecated=true}`).join(', ');
  return `Key: '${key}' , default: ${value ?? 'null'} (fallback keys: [${names}])`;
}
