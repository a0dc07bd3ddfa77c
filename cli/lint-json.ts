import { inLanguage, type Language } from '../analyzer/text.js';
import type { LintedFile } from './lint.js';
import { VERSION } from './version.js';

/** `{weir, files: [{file, kind, name?, flink, problems, notEvaluated}]}`. */
export function lintJson(files: readonly LintedFile[], language: Language): string {
  const report = {
    weir: VERSION,
    files: files.map(({ file, kind, name, flink, report: { problems, notJudged } }) => ({
      file,
      kind,
      name,
      flink: flink.text,
      problems: inLanguage(problems, language),
      notEvaluated: inLanguage(notJudged, language),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
