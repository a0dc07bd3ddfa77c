import type { Command } from 'commander';
import type { JobReport } from '../analyzer/engine/analyze.js';
import { SEVERITIES, type Severity } from '../analyzer/engine/finding.js';
import { alarming } from '../analyzer/engine/worst.js';
import type { Language } from '../analyzer/text.js';
import { renderMarkdown } from './check-markdown.js';
import type { CheckReport } from './check-report.js';
import { renderText } from './check-text.js';

const FORMATS = ['text', 'json', 'markdown'] as const;
const LANGUAGES = ['en', 'zh-CN'] as const;

/** How a diagnosis is printed, and from which severity on it fails. */
export interface OutputFlags {
  readonly format: string;
  readonly failOn: string;
  readonly lang: string;
}

export interface Output {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: Severity;
  readonly language: Language;
}

export function outputFlags(command: Command): Command {
  return command
    .option('--format <format>', 'text, json or markdown', 'text')
    .option('--fail-on <severity>', 'exit 1 from this severity on: info, warning or critical', 'warning')
    .option('--lang <language>', 'en or zh-CN', 'en');
}

/** The flags as values, or one message for each that is none. */
export function outputFrom(flags: OutputFlags): Output | { readonly problems: readonly string[] } {
  const format = FORMATS.find((candidate) => candidate === flags.format);
  const failOn = SEVERITIES.find((candidate) => candidate === flags.failOn);
  const language = LANGUAGES.find((candidate) => candidate === flags.lang);
  if (format !== undefined && failOn !== undefined && language !== undefined) return { format, failOn, language };
  return {
    problems: [
      ...(format === undefined ? [`--format ${flags.format}: must be one of ${FORMATS.join(', ')}`] : []),
      ...(failOn === undefined ? [`--fail-on ${flags.failOn}: must be one of ${SEVERITIES.join(', ')}`] : []),
      ...(language === undefined ? [`--lang ${flags.lang}: must be ${LANGUAGES.join(' or ')}`] : []),
    ],
  };
}

export function render(report: CheckReport, format: Output['format']): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, undefined, 2)}\n`;
    case 'markdown':
      return `${renderMarkdown(report)}\n`;
    case 'text':
      return `${renderText(report)}\n`;
  }
}

/** Whether a measured finding stands that is at least so severe, and that something is to be done about. */
export function isAtLeast(reports: readonly JobReport[], failOn: Severity): boolean {
  return reports.some(({ findings }) =>
    alarming(findings).some(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn)),
  );
}
