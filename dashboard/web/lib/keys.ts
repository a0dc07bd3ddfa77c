/** Single keys work only while nobody is typing and no other key is held. */
export function plainKey(event: KeyboardEvent): string | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const at = event.target;
  if (at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName))) {
    return at instanceof HTMLInputElement && at.type === 'range' ? event.key : undefined;
  }
  return event.key;
}
