import { i18n } from '@lingui/core';

/** The languages of the panel. English is the language of the sources. */
export type Locale = 'nl' | 'en';

const catalogs = { nl: () => import('./locales/nl.po'), en: () => import('./locales/en.po') };

/** The language of the page, which build/boot.js set before anything was drawn. */
export function currentLocale(): Locale {
  return document.documentElement.lang === 'en' ? 'en' : 'nl';
}

/** Loads a language and shows the page in it. */
export async function activate(locale: Locale): Promise<void> {
  const { messages } = await catalogs[locale]();
  document.documentElement.lang = locale;
  i18n.loadAndActivate({ locale, messages });
}

/** Shows the page in a language, now and at the next visit. */
export async function choose(locale: Locale): Promise<void> {
  remember('lang', locale);
  await activate(locale);
}

/** Keeps a choice of this browser; null forgets it. Does nothing where storage is refused. */
export function remember(key: 'lang' | 'theme', value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse storage: then the choice holds for this page only.
  }
}

export { i18n };
