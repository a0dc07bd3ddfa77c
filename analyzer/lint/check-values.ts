import type { FlinkVersion } from '../../collector/model/index.js';
import { text } from '../text.js';
import { readDuration } from '../tuning/values/duration.js';
import { LONG_MAX, readBoolean, readDouble, readInteger } from '../tuning/values/java-numbers.js';
import { readMemorySize } from '../tuning/values/memory-size.js';
import { attempt, Refusal } from '../tuning/values/refusal.js';
import type { FlinkOption } from './option-book.js';
import { shownValue, type LintProblem } from './problem.js';
import type { Setting } from './settings.js';

/** A value that Flink cannot read as the option's type; it says so when the option is first read. */
export function badValue(setting: Setting, option: FlinkOption, version: FlinkVersion): LintProblem | undefined {
  const { key, value, line } = setting;
  const answer = attempt(() => read(option, value, version));
  if (answer.ok) return undefined;
  const why = answer.refused.at(-1)?.[1] ?? '';
  const shown = shownValue(key, value);
  return {
    rule: 'bad-value',
    severity: 'critical',
    line,
    key,
    message: text(
      `Flink cannot read ${key}: ${shown}: ${shown === value ? why : `it is no ${option.type}`}`,
      `Flink 无法读取 ${key}: ${shown}：${shown === value ? why : `不是 ${option.type}`}`,
    ),
    fix: text(
      `give ${EXPECTED[option.type] ?? option.type}${enumValues(option)}`,
      `应为 ${EXPECTED_ZH[option.type] ?? option.type}${enumValues(option)}`,
    ),
  };
}

function read(option: FlinkOption, value: string, version: FlinkVersion): unknown {
  switch (option.type) {
    case 'Boolean':
      return readBoolean(value);
    case 'Integer':
      return readInteger(value);
    case 'Long':
      return readLong(value);
    case 'Double':
    case 'Float':
      return readDouble(value);
    case 'Duration':
      return readDuration(value, version);
    case 'MemorySize':
      return readMemorySize(value);
    case 'Enum':
      return readEnum(option, value);
    // A text, or a list or map of texts, is read whatever it is.
    case 'String':
    case 'List':
    case 'Map':
      return value;
  }
}

function readLong(value: string): bigint {
  const number = /^[+-]?\d+$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
  if (number === undefined || number > LONG_MAX || number < -LONG_MAX - 1n)
    throw new Refusal('NumberFormatException', `For input string: "${value}"`);
  return number;
}

/** `ConfigurationUtils.convertToEnum`: in any case. */
function readEnum({ values }: FlinkOption, value: string): string {
  const found = values.find((name) => name.toUpperCase() === value.toUpperCase());
  if (found === undefined) throw new Refusal('IllegalArgumentException', `expected one of ${values.join(', ')}`);
  return found;
}

const enumValues = ({ type, values }: FlinkOption): string => (type === 'Enum' ? ` ${values.join(', ')}` : '');

const EXPECTED: Readonly<Record<string, string>> = {
  Boolean: 'true or false',
  Integer: 'a whole number',
  Long: 'a whole number',
  Double: 'a number',
  Float: 'a number',
  Duration: 'a whole number and a unit, such as 10 s',
  MemorySize: 'a whole number and a unit, such as 512m',
  Enum: 'one of',
};

const EXPECTED_ZH: Readonly<Record<string, string>> = {
  Boolean: 'true 或 false',
  Integer: '整数',
  Long: '整数',
  Double: '数字',
  Float: '数字',
  Duration: '整数加单位，例如 10 s',
  MemorySize: '整数加单位，例如 512m',
  Enum: '以下之一：',
};
