// Numbers and dates the way the reader's language writes them.
import { useMemo } from 'react';
import { localeOf, usePreferences } from './preferences.js';

export interface Formats {
  number: (value: number | null | undefined) => string;
  percent: (value: number | null | undefined) => string;
  /** With its unit, as it was entered. */
  amount: (value: number | null | undefined, unit: string | null | undefined) => string;
  /** A calendar day, which is the same everywhere. */
  day: (value: string | null | undefined) => string;
  weekday: (value: Date) => string;
  month: (value: Date) => string;
  dayOfYear: (value: Date) => string;
  moment: (value: string) => string;
  /** "3 hours ago" */
  ago: (value: string) => string;
  list: (values: string[]) => string;
}

const NONE = '–';
const steps: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60]];

export function makeFormats(language: string): Formats {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
  const month = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const dayOfYear = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const list = new Intl.ListFormat(language);
  // A unit in another script must not change places with its number.
  const isolated = (text: string) => (language.startsWith('ar') ? `\u2068${text}\u2069` : text);
  const isNone = (value: unknown): value is null | undefined => value === null || value === undefined;
  return {
    number: (value) => (isNone(value) ? NONE : number.format(value)),
    percent: (value) => (isNone(value) ? NONE : percent.format(value / 100)),
    amount: (value, unit) => (isNone(value) ? NONE : unit ? isolated(`${number.format(value)}\u00a0${unit}`) : number.format(value)),
    day: (value) => (value ? day.format(new Date(value)) : NONE),
    weekday: (value) => weekday.format(value),
    month: (value) => month.format(value),
    dayOfYear: (value) => dayOfYear.format(value),
    moment: (value) => moment.format(new Date(value)),
    ago: (value) => {
      const seconds = (Date.parse(value) - Date.now()) / 1000;
      const step = steps.find(([, size]) => Math.abs(seconds) >= size);
      return step ? relative.format(Math.round(seconds / step[1]), step[0]) : relative.format(0, 'second');
    },
    list: (values) => list.format(values),
  };
}

export function useFormats(): Formats {
  const { language } = usePreferences();
  return useMemo(() => makeFormats(localeOf(language)), [language]);
}

/** Today in UTC, which is what the server counts by: YYYY-MM-DD. */
export const today = () => new Date().toISOString().slice(0, 10);
export const dayOf = (value: string | null) => value?.slice(0, 10) ?? '';
