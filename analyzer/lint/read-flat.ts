import type { FileProblem, Setting, Settings } from './settings.js';

/**
 * `flink-conf.yaml` as Flink itself reads it (`GlobalConfiguration.loadLegacyYAMLResource`): each line up to the first `#`,
 * split at the first colon followed by a space; a line that has none is passed over with a warning in the log.
 */
export function readFlat(text: string, firstLine = 1): Settings {
  const settings: Setting[] = [];
  const problems: FileProblem[] = [];
  text.split(/\r?\n/).forEach((whole, at) => {
    const line = firstLine + at;
    const [content = ''] = whole.split('#', 1);
    if (content.trim() === '' || /^(---|\.\.\.)\s*$/.test(content)) return;
    const colon = content.indexOf(': ');
    const key = content.slice(0, Math.max(colon, 0)).trim();
    const value = content.slice(colon + 2).trim();
    if (colon < 0 || key === '' || value === '') {
      problems.push({ line, what: 'ignored-line', detail: content.trim() });
      return;
    }
    if (settings.some((other) => other.key === key)) problems.push({ line, what: 'twice', key });
    settings.push({ key, value, line });
  });
  return { kind: 'flink-conf.yaml', settings, problems };
}
