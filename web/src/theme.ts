import { useSyncExternalStore } from 'react';
import { remember } from './i18n';

/** How the panel looks: light, dark, or as the device is set. */
export type Theme = 'light' | 'dark' | 'system';

const root = () => document.documentElement;
const listeners = new Set<() => void>();

/** The theme in use, which build/boot.js set before anything was drawn. */
export function currentTheme(): Theme {
  const theme = root().dataset['theme'];
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Shows the page in a theme, now and at the next visit. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') delete root().dataset['theme'];
  else root().dataset['theme'] = theme;
  remember('theme', theme === 'system' ? null : theme);
  for (const listener of listeners) listener();
}

/** The theme in use, kept up to date. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentTheme);
}
