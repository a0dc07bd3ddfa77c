import type { Command } from 'commander';
import { z } from 'zod';
import {
  evenerChoices,
  keyGroupPlan,
  ownerOfHash,
  type EvenerChoices,
  type KeyGroupPlan,
} from '../analyzer/tuning/key-group-plan.js';
import { counted, inLanguage, text, type Text } from '../analyzer/text.js';
import { refusedOf } from '../analyzer/tuning/values/refusal.js';
import { batchId, runBatch, type BatchInput } from './batch.js';
import { problemsOf } from './config/problems.js';
import { UsageError } from './config/load.js';
import { checkedLanguage, wholeNumber } from './plain-flags.js';

interface KeyGroupsFlags {
  readonly parallelism?: string;
  readonly maxParallelism?: string;
  readonly batch?: boolean;
  readonly format: string;
  readonly lang: string;
}

export function addKeyGroups(program: Command): void {
  program
    .command('keygroups')
    .description('key groups of every subtask as Flink assigns them, the imbalance in it, evener choices')
    .option('--parallelism <n>', 'the operator’s parallelism')
    .option('--max-parallelism <n>', 'its max parallelism; without it, Flink’s default for the parallelism')
    .option('--batch', 'answer one JSON object per line of standard input')
    .option('--format <format>', 'text or json', 'text')
    .option('--lang <language>', 'en or zh-CN', 'en')
    .action(async (flags: KeyGroupsFlags) => {
      if (flags.batch === true) await runBatch(process.stdin, process.stdout, answerKeyGroups);
      else process.stdout.write(keyGroups(flags));
    });
}

function keyGroups({ parallelism, maxParallelism, format, lang }: KeyGroupsFlags): string {
  const language = checkedLanguage(lang);
  if (format !== 'text' && format !== 'json') throw new UsageError([`--format ${format}: must be text or json`]);
  if (parallelism === undefined) throw new UsageError(['--parallelism is missing: how many subtasks the operator has']);
  const plan = keyGroupPlan(
    wholeNumber('--parallelism', parallelism),
    maxParallelism === undefined ? undefined : wholeNumber('--max-parallelism', maxParallelism),
  );
  if (!plan.ok) throw new UsageError([refusedOf(plan)]);
  const choices = evenerChoices(plan.value);
  if (format === 'json') return `${JSON.stringify({ ...plan.value, better: choices ?? null }, null, 2)}\n`;
  return `${render(plan.value, maxParallelism === undefined, choices)
    .map((line) => inLanguage(line, language))
    .join('\n')}\n`;
}

function render(plan: KeyGroupPlan, isDefault: boolean, choices: EvenerChoices | undefined): readonly Text[] {
  const { parallelism, maxParallelism, minGroups, maxGroups, imbalance, ranges } = plan;
  const surplus = Math.round((imbalance - 1) * 1000) / 10;
  return [
    text(
      `Parallelism ${parallelism}, max parallelism ${maxParallelism}${isDefault ? ' (Flink’s default for it)' : ''}`,
      `并行度 ${parallelism}，最大并行度 ${maxParallelism}${isDefault ? '（Flink 的默认值）' : ''}`,
    ),
    minGroups === maxGroups
      ? text(`Even: ${counted(maxGroups, 'key group')} each.`, `均匀：每个子任务 ${maxGroups} 个 key group。`)
      : text(
          `${minGroups} to ${maxGroups} key groups a subtask: the busiest has ${surplus} % more than the average.`,
          `每个子任务 ${minGroups} 到 ${maxGroups} 个 key group：最忙的比平均多 ${surplus} %。`,
        ),
    text('', ''),
    text('subtask  key groups', '子任务   key group'),
    ...shownRanges(ranges),
    ...(choices === undefined ? [] : [text('', ''), ...renderChoices(plan, choices)]),
  ];
}

const SHOWN_MAX = 32;

function shownRanges(ranges: KeyGroupPlan['ranges']): readonly Text[] {
  const rows = ranges.slice(0, SHOWN_MAX).map(([subtask, first, last]) => {
    const row = `${String(subtask).padEnd(7)}  ${first === last ? first : `${first}–${last}`} (${last - first + 1})`;
    return text(row, row);
  });
  const rest = ranges.length - SHOWN_MAX;
  if (rest <= 0) return rows;
  return [...rows, text(`… and ${rest} more; all of them: --format json`, `……另有 ${rest} 个；全部见 --format json`)];
}

function renderChoices({ parallelism, maxParallelism }: KeyGroupPlan, choices: EvenerChoices): readonly Text[] {
  const { parallelisms, maxParallelism: other } = choices;
  return [
    text('Evener:', '更均匀的选择：'),
    ...parallelisms.map((choice) =>
      text(
        `  parallelism ${choice}: ${counted(maxParallelism / choice, 'key group')} each; state stays usable`,
        `  并行度 ${choice}：每个子任务 ${maxParallelism / choice} 个 key group；状态可继续使用`,
      ),
    ),
    ...(other === undefined
      ? []
      : [
          text(
            `  max parallelism ${other}: ${counted(other / parallelism, 'key group')} each at parallelism ${parallelism}; ` +
              'keyed state cannot be restored under another max parallelism, so only for a job that starts anew',
            `  最大并行度 ${other}：并行度 ${parallelism} 时每个子任务 ${other / parallelism} 个 key group；` +
              '更改最大并行度后无法恢复 keyed state，仅适用于全新启动的作业',
          ),
        ]),
  ];
}

const INT_MAX = 2_147_483_647;
const lineSchema = z.object({
  parallelism: z.int(),
  maxParallelism: z.int().optional(),
  hash: z
    .int()
    .min(-INT_MAX - 1)
    .max(INT_MAX)
    .optional(),
});

/** `{"id","parallelism","maxParallelism"?}`, or with `hash` for the owner of one key. */
export function answerKeyGroups(input: BatchInput): string {
  const id = batchId(input);
  const line = lineSchema.safeParse(input);
  if (!line.success) return JSON.stringify({ id, ok: false, error: problemsOf(line.error).join('; ') });
  const { parallelism, maxParallelism, hash } = line.data;
  if (hash !== undefined) {
    const owner = ownerOfHash(hash, parallelism, maxParallelism ?? defaultFor(parallelism));
    return JSON.stringify(owner.ok ? { id, ok: true, ...owner.value } : { id, ok: false, error: refusedOf(owner) });
  }
  const plan = keyGroupPlan(parallelism, maxParallelism);
  if (!plan.ok) return JSON.stringify({ id, ok: false, error: refusedOf(plan) });
  const { maxParallelism: max, minGroups, maxGroups, ranges } = plan.value;
  return JSON.stringify({ id, ok: true, maxParallelism: max, minGroups, maxGroups, ranges });
}

/** Flink's default for it; where there is none, the refusal comes from the parallelism itself. */
function defaultFor(parallelism: number): number {
  const plan = keyGroupPlan(parallelism);
  return plan.ok ? plan.value.maxParallelism : parallelism;
}
