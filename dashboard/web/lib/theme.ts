import { recall, remember } from './memory.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** The address says it; else what was chosen here before; else the system. */
export function wantedTheme(fromQuery: string | null): Theme {
  const word = fromQuery ?? recall('theme');
  return word === 'light' || word === 'dark' ? word : 'auto';
}

export function useTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function chooseTheme(theme: Theme): void {
  useTheme(theme);
  remember('theme', theme);
}
