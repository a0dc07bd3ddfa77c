import { readSet, type ConfigOption, type Configuration } from '../values/configuration.js';
import { readMemorySize } from '../values/memory-size.js';
import { Refusal } from '../values/refusal.js';

/** In a container (Kubernetes, YARN) the legacy heap options mean the whole process, otherwise Flink's memory or heap. */
export type Deployment = 'standalone' | 'container';

/** `ProcessMemoryUtils.getMemorySizeFromConfig`: an option's size, or its default's. @throws Refusal */
export function sizeOf(configuration: Configuration, option: ConfigOption): bigint {
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
export function showOption({ key, deprecated = [], default: value }: ConfigOption): string {
  const names = deprecated.map((name) => `{key=${name}, isDeprecated=true}`).join(', ');
  return `Key: '${key}' , default: ${value ?? 'null'} (fallback keys: [${names}])`;
}
