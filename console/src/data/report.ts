// Reports: made by the server, saved by the browser.
import { useMutation } from '@tanstack/react-query';
import { unwrap } from '@traction/client';
import { traction } from '../traction.js';

/** In the order in which they are in the report. */
export const chapters = ['executive-summary', 'goals', 'strategies', 'kpis', 'actions', 'issues', 'people', 'analytics', 'trends', 'activity'] as const;
export type Chapter = (typeof chapters)[number];

export interface ReportWish {
  from: string;
  to: string;
  format: 'pdf' | 'docx';
  sections: Chapter[];
  lang: 'en' | 'de' | 'fr' | 'es' | 'ar';
  paper: 'a4' | 'letter';
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Answers the name of the file that was saved. */
export const useReport = () =>
  useMutation({
    mutationFn: async (query: ReportWish) => {
      const { data, response } = await unwrap(traction.api.GET('/reports/company', { params: { query }, parseAs: 'blob' }));
      const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? `report.${query.format}`;
      save(data as Blob, name);
      return name;
    },
  });
