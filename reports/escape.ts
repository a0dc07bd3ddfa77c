/** Names come from Flink and may hold anything: no link, tag or heading may come of them. */
export function escapeMarkdown(value: string): string {
  return oneLine(value).replace(/[\\`*_{}[\]<>()#+!|~]/g, (character) => `\\${character}`);
}

export function escapeHtml(value: string): string {
  return escapeLines(oneLine(value));
}

/** The same for a text of several lines. */
export function escapeLines(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function oneLine(value: string): string {
  // eslint-disable-next-line no-control-regex -- taking control characters out is what this is for
  return value.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** Line ends stay, other control characters go: a diff is quoted line by line. */
export function plainLines(value: string): readonly string[] {
  return value.split('\n').map(oneLine);
}
