import { useLingui } from '@lingui/react';
import { useMemo } from 'react';

/** An amount as the API gives it: exact, in text. */
export type Money = { amount: string; currency: string };

const tags: Record<string, string> = { nl: 'nl-NL', en: 'en-GB' };
const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** Amounts, days, sizes and shares, written as one writes them in a language. */
export function formats(locale: string) {
  const tag = tags[locale] ?? 'nl-NL';
  // A Date of the API is a day in the Netherlands and no moment: it is read and written in
  // UTC, so that no time zone of a reader can shift it.
  const day = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(tag, { timeZone: 'UTC', ...options });
    return (on: string) => format.format(new Date(on + 'T00:00:00Z'));
  };
  const percent = new Intl.NumberFormat(tag, { style: 'percent' });
  return {
    /** `€ 1.234,50`; the text of the API goes in whole, so that no cent is rounded. */
    money: (m: Money) =>
      new Intl.NumberFormat(tag, { style: 'currency', currency: m.currency }).format(
        m.amount as Intl.StringNumericLiteral,
      ),
    /** `18 april 2027` */
    date: day({ day: 'numeric', month: 'long', year: 'numeric' }),
    /** `18 apr 2027` */
    dateShort: day({ day: 'numeric', month: 'short', year: 'numeric' }),
    /** `41,6 GB`, in units of 1000 as storage and traffic are sold. */
    bytes: (bytes: number) => {
      const step = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0;
      return new Intl.NumberFormat(tag, {
        style: 'unit',
        unit: units[step],
        unitDisplay: step === 0 ? 'long' : 'short',
        maximumFractionDigits: 1,
      }).format(bytes / 1000 ** step);
    },
    /** `83%`, of a share between 0 and 1. */
    percent: (share: number) => percent.format(share),
  };
}

/** The formats of the language of the page. */
export function useFormats() {
  const { i18n } = useLingui();
  return useMemo(() => formats(i18n.locale), [i18n.locale]);
}
