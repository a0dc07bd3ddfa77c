import { Refusal } from './refusal.js';

/** `ConfigurationUtils.convertToEnum`: a constant's name in any case. @throws Refusal */
export function readEnum<T extends string>(text: string, className: string, names: readonly T[]): T {
  const found = names.find((name) => name === text.toUpperCase());
  if (found !== undefined) return found;
  throw new Refusal(
    'IllegalArgumentException',
    `Could not parse value for enum class ${className}. Expected one of: [[${names.join(', ')}]]`,
  );
}
