import { useLingui } from '@lingui/react/macro';
import { Monitor, Moon, Sun } from 'lucide-react';
import { choose, type Locale } from '../i18n';
import { setTheme, type Theme, useTheme } from '../theme';

const languages: { locale: Locale; name: string; short: string }[] = [
  { locale: 'nl', name: 'Nederlands', short: 'NL' },
  { locale: 'en', name: 'English', short: 'EN' },
];

/** Swaps the language of the page. Each language is named in itself. */
export function LanguageSwap() {
  const { t, i18n } = useLingui();
  return (
    <div className="swap" role="group" aria-label={t`Language`}>
      {languages.map(({ locale, name, short }) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          title={name}
          aria-pressed={i18n.locale === locale}
          onClick={() => void choose(locale)}
        >
          <span aria-hidden="true">{short}</span>
          <span className="visually-hidden">{name}</span>
        </button>
      ))}
    </div>
  );
}

/** Swaps between light, dark and the device's own setting. */
export function ThemeSwap() {
  const { t } = useLingui();
  const theme = useTheme();
  const themes: { value: Theme; name: string; icon: typeof Sun }[] = [
    { value: 'system', name: t`Like my device`, icon: Monitor },
    { value: 'light', name: t`Light`, icon: Sun },
    { value: 'dark', name: t`Dark`, icon: Moon },
  ];
  return (
    <div className="swap" role="group" aria-label={t`Appearance`}>
      {themes.map(({ value, name, icon: Icon }) => (
        <button
          key={value}
          type="button"
          title={name}
          aria-label={name}
          aria-pressed={theme === value}
          onClick={() => setTheme(value)}
        >
          <Icon aria-hidden="true" />
        </button>
      ))}
    </div>
  );
}
