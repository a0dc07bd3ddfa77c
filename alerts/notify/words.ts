import { amountOf } from '../../analyzer/engine/amount.js';
import type { Evidence, Severity } from '../../analyzer/engine/finding.js';
import { duration, inLanguage, text, type Language, type Text } from '../../analyzer/text.js';

/** Fixed words of messages. */
const WORDS = {
  critical: text('critical', '严重'),
  warning: text('warning', '警告'),
  info: text('info', '提示'),
  resolved: text('resolved', '已恢复'),
  job: text('Job', '作业'),
  cluster: text('Cluster', '集群'),
  vertex: text('Vertex', '算子'),
  owner: text('Owner', '负责人'),
  evidence: text('Evidence', '依据'),
  action: text('Do first', '首要操作'),
  open: text('Open in Weir', '在 Weir 中打开'),
  runbook: text('About this rule', '规则说明'),
  repeated: text(
    'Possibly sent before: the first attempt was cut off before its answer came.',
    '此消息可能重复：上一次发送在收到应答前中断。',
  ),
  testHeadline: text('A test of Weir’s alerts: this channel works', 'Weir 告警测试：该通道可用'),
} as const satisfies Readonly<Record<string, Text>>;

export type Word = keyof typeof WORDS;

export function word(key: Word, language: Language): string {
  return inLanguage(WORDS[key], language);
}

export const severityWord = (severity: Severity, language: Language): string => word(severity, language);

export const moreInWords = (more: number, language: Language): string =>
  inLanguage(text(`and ${more} more`, `另有 ${more} 项`), language);

/** Names come from Flink and may hold anything: one line, no control characters. */
export function oneLine(value: string): string {
  // eslint-disable-next-line no-control-regex -- taking control characters out is what this is for
  return value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

/** `Busy, busiest subtask: 98 % (limit ≥ 80 %), over 60 s`. */
export function evidenceInWords(item: Evidence, language: Language): string {
  const limit =
    item.threshold === undefined
      ? text('', '')
      : text(
          ` (limit ${signOf(item)}${amountOf(item.threshold, item.unit)})`,
          `（阈值 ${signOf(item)}${amountOf(item.threshold, item.unit)}）`,
        );
  const label = oneLine(inLanguage(item.label, language));
  const value = amountOf(item.value, item.unit);
  const window = duration(item.windowMs);
  return inLanguage(
    text(`${label}: ${value}${limit.en}, over ${window}`, `${label}：${value}${limit['zh-CN']}，时间窗 ${window}`),
    language,
  );
}

const SIGNS = { '>=': '≥ ', '<=': '≤ ', '>': '> ', '<': '< ', '=': '= ' } as const;
const signOf = ({ comparison }: Evidence): string => (comparison === undefined ? '' : SIGNS[comparison]);
