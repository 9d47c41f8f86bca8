// Language and colours: what the browser asks for, until somebody chooses otherwise.
import { createContext, useContext } from 'react';
import { en, type Strings } from './strings/en.js';

export const languages = { en: 'English', de: 'Deutsch', ar: 'العربية' } as const;
export type Language = keyof typeof languages;
export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
  language: Language;
  theme: Theme;
  strings: Strings;
  setLanguage: (language: Language) => void;
  setTheme: (theme: Theme) => void;
}

const isLanguage = (value: string | null | undefined): value is Language => !!value && value in languages;

export function firstLanguage(): Language {
  const chosen = localStorage.getItem('traction.language');
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

/** The language as the browser's owner writes it: British dates for who reads British English. In Arabic with the digits that
 * forms and reports have, too. */
export const localeOf = (language: Language) => {
  const tag = navigator.languages.find((one) => one.startsWith(language)) ?? language;
  return language === 'ar' ? new Intl.Locale(tag, { numberingSystem: 'latn' }).toString() : tag;
};

export function firstTheme(): Theme {
  const chosen = localStorage.getItem('traction.theme') as Theme;
  return themes.includes(chosen) ? chosen : 'auto';
}

export async function loadStrings(language: Language): Promise<Strings> {
  if (language === 'de') return (await import('./strings/de.js')).de;
  if (language === 'ar') return (await import('./strings/ar.js')).ar;
  return en;
}

export const PreferencesContext = createContext<Preferences>(null!);
export const usePreferences = () => useContext(PreferencesContext);
/** The texts of the language that is shown. */
export const useStrings = () => usePreferences().strings;
