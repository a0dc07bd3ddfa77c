export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'place';
  text: string;
}

/** A unified diff, or plain text? A YAML list begins its lines with `-` too, so a minus alone proves nothing. */
export function isDiff(text: string): boolean {
  return /^(@@ |\+)/m.test(text);
}

export function diffLines(text: string): DiffLine[] {
  const lines = text.replace(/\n$/, '').split('\n');
  if (!isDiff(text)) return lines.map((line) => ({ kind: 'same', text: line }));
  return lines.map((line) => ({ kind: kindOf(line), text: line }));
}

function kindOf(line: string): DiffLine['kind'] {
  if (line.startsWith('@@') || line.startsWith('--- ') || line.startsWith('+++ ')) return 'place';
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return 'same';
}
