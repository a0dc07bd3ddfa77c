/** What a reader once chose. A browser may forbid storage; the address carries the choice as well. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`weir.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`weir.${key}`, value);
  } catch {
    // Then it is not remembered.
  }
}
