import type { CheckReport } from './check-report.js';
import { diffToShow, nothingFound, plain, rootsToShow } from './check-words.js';

/** Markdown of names that come from Flink: nothing in them may become a link, a tag or a heading. */
export function escapeMarkdown(value: string): string {
  return plain(value).replace(/[\\`*_{}[\]<>()#+!|~]/g, (character) => `\\${character}`);
}

export function renderMarkdown(report: CheckReport): string {
  const jobs = report.jobs.flatMap((job) => {
    const roots = rootsToShow(job);
    return [
      `## ${escapeMarkdown(job.name)}`,
      '',
      `State ${job.state}.${roots.length === 0 ? ` ${escapeMarkdown(nothingFound(job))}.` : ''}`,
      '',
      ...roots.flatMap((root) => [
        `- **${root.severity}** ${escapeMarkdown(root.title)} (\`${root.rule}\`, ${Math.round(root.confidence * 100)} % sure)`,
        `  ${escapeMarkdown(root.summary)}`,
        ...job.recommendations
          .filter(({ findings }) => findings.includes(root.id))
          .flatMap((item) => [`  - Do: ${escapeMarkdown(item.title)}`, ...diffBlock(diffToShow(item))]),
      ]),
      '',
    ];
  });
  return [`# ${escapeMarkdown(report.cluster)}`, '', ...jobs].join('\n');
}

function diffBlock(diff: string | undefined): string[] {
  return diff === undefined
    ? []
    : ['', '    ```diff', ...diff.split('\n').map((line) => `    ${plain(line)}`), '    ```', ''];
}
