import { duration, inLanguage, minuteOf, text, type Language, type Text } from '../../analyzer/text.js';
import type { NoticeItem } from './notice.js';
import { oneLine } from './words.js';

/** The one line that a phone shows. All names in it are one line each. */
export function jobHeadline(
  kind: 'opened' | 'reminder' | 'resolved',
  items: readonly NoticeItem[],
  nowMs: number,
  language: Language,
): string {
  const [worst] = items;
  if (worst === undefined) throw new Error('A notice of a job has an item.');
  const job = `${oneLine(worst.jobName)} (${oneLine(worst.cluster)})`;
  const more = items.length - 1;
  const cause = text(
    `${oneLine(worst.title)}${more > 0 ? ` and ${more} more` : ''}`,
    `${oneLine(worst.title)}${more > 0 ? ` 等 ${more + 1} 项` : ''}`,
  );
  const sinceMs = Math.min(...items.map(({ firstSeenMs }) => firstSeenMs));
  const open = duration(Math.max(0, nowMs - sinceMs));
  return inLanguage(OF_JOB[kind](job, cause, open), language);
}

const OF_JOB: Readonly<Record<'opened' | 'reminder' | 'resolved', (job: string, cause: Text, open: string) => Text>> = {
  opened: (job, cause) => text(`${job}: ${cause.en}`, `${job}：${cause['zh-CN']}`),
  reminder: (job, cause, open) =>
    text(`Still open for ${open}: ${job}: ${cause.en}`, `已持续 ${open}：${job}：${cause['zh-CN']}`),
  resolved: (job, cause) => text(`Resolved: ${job}: ${cause.en}`, `已恢复：${job}：${cause['zh-CN']}`),
};

export function manyJobsHeadline(
  { cluster, jobs, findings, mostly }: { cluster: string; jobs: number; findings: number; mostly: string },
  kind: 'opened' | 'reminder' | 'resolved',
  language: Language,
): string {
  const name = oneLine(cluster);
  const cause = oneLine(mostly);
  switch (kind) {
    case 'opened':
      return inLanguage(
        text(
          `${jobs} jobs of ${name} at once (${findings} causes, most often: ${cause}). Look at the cluster first`,
          `${name} 的 ${jobs} 个作业同时出现问题（${findings} 个原因，最常见：${cause}）。请先检查集群`,
        ),
        language,
      );
    case 'reminder':
      return inLanguage(
        text(
          `Still open in ${jobs} jobs of ${name} (${findings} causes, most often: ${cause})`,
          `${name} 的 ${jobs} 个作业仍有问题（${findings} 个原因，最常见：${cause}）`,
        ),
        language,
      );
    case 'resolved':
      return inLanguage(
        text(
          `Resolved in ${jobs} jobs of ${name} (${findings} causes)`,
          `${name} 的 ${jobs} 个作业已恢复（${findings} 个原因）`,
        ),
        language,
      );
  }
}

export function unknownHeadline(cluster: string, sinceMs: number, jobs: number, language: Language): string {
  const name = oneLine(cluster);
  return inLanguage(
    text(
      `Cluster ${name} cannot be read since ${minuteOf(sinceMs)}: nothing is known of its ${jobs === 0 ? 'jobs' : `${jobs} job(s)`}. Check its JobManager and the way to it`,
      `自 ${minuteOf(sinceMs)} 起无法读取集群 ${name}：其${jobs === 0 ? '' : ` ${jobs} 个`}作业状况未知。请检查 JobManager 及网络`,
    ),
    language,
  );
}

export function backHeadline(cluster: string, sinceMs: number, nowMs: number, language: Language): string {
  const name = oneLine(cluster);
  const away = duration(Math.max(0, nowMs - sinceMs));
  return inLanguage(
    text(`Cluster ${name} can be read again, after ${away}`, `集群 ${name} 已可读取，中断 ${away}`),
    language,
  );
}

export function goneHeadline(cluster: string, language: Language): string {
  return inLanguage(
    text(`Cluster ${oneLine(cluster)} is not watched any more`, `集群 ${oneLine(cluster)} 已不再被监视`),
    language,
  );
}

export function digestHeadline(messages: number, language: Language): string {
  return inLanguage(
    text(
      `${messages} messages in one: this channel takes no more at a time`,
      `${messages} 条消息合并为一条：该通道的发送频率受限`,
    ),
    language,
  );
}
