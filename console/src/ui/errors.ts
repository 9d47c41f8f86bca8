// A failure in the reader's words.
import { isTractionError } from '@traction/client';
import type { Strings } from '../strings/en.js';

export interface Said {
  sentence: string;
  details: string[];
  requestId: string | null;
}

export function sayError(error: unknown, strings: Strings): Said {
  if (!isTractionError(error)) return { sentence: strings.error.network, details: [], requestId: null };
  return {
    sentence: strings.error.byCode[error.code] ?? error.message,
    details: Object.entries(error.fields).map(([field, text]) => `${field}: ${text}`),
    requestId: error.requestId,
  };
}
