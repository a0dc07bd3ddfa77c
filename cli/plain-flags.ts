import { parseFlinkVersion } from '../collector/index.js';
import type { FlinkVersion } from '../collector/model/index.js';
import type { Language } from '../analyzer/text.js';
import { UsageError } from './config/load.js';

export function checkedLanguage(lang: string): Language {
  if (lang !== 'en' && lang !== 'zh-CN') throw new UsageError([`--lang ${lang}: must be en or zh-CN`]);
  return lang;
}

export function wholeNumber(flag: string, value: string): number {
  if (!/^-?\d{1,9}$/.test(value)) throw new UsageError([`${flag} ${value}: must be a whole number`]);
  return Number(value);
}

/** Weir knows Flink from 1.13 on. */
export function flinkVersionFrom(value: string): FlinkVersion {
  const version = parseFlinkVersion(value);
  if (version.major === 0 || (version.major === 1 && version.minor < 13))
    throw new UsageError([`--flink ${value}: must be a version from 1.13 on, such as 1.20.3`]);
  return version;
}
