// A KPI's plan and what was measured, over time. The same figures stand in a table for who cannot see the chart.
import { useEffect, useMemo, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Series } from '../data/kpis.js';
import { useFormats } from '../format.js';
import { usePreferences } from '../preferences.js';

const MONTH = 28 * 86400;
interface Row { day: string; plan: number | null; actual: number | null }

/** Plan and actual by day, in order. */
function rowsOf(series: Series): Row[] {
  const rows = new Map<string, Row>();
  const at = (date: string) => {
    const day = date.slice(0, 10);
    if (!rows.has(day)) rows.set(day, { day, plan: null, actual: null });
    return rows.get(day)!;
  };
  for (const { date, value } of series.interpolatedExpected) at(date).plan = value;
  for (const { milestoneDate, targetValue } of series.targets) at(milestoneDate).plan = targetValue;
  for (const { measurementDate, actualValue } of series.actuals) at(measurementDate).actual = actualValue;
  return [...rows.values()].sort((a, b) => a.day.localeCompare(b.day));
}

export default function PlanChart({ series, height = 240, table = false }: { series: Series; height?: number; table?: boolean }) {
  const { strings: { kpis, common }, theme } = usePreferences();
  const format = useFormats();
  const place = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(series), [series]);

  useEffect(() => {
    const box = place.current;
    if (!box || rows.length === 0) return undefined;
    const colour = (name: string) => getComputedStyle(box).getPropertyValue(name).trim();
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 }, font: '12px system-ui' };
    const chart = new UPlot({
      width: box.clientWidth, height, tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), 'UTC'), legend: { show: false }, cursor: { show: false },
      axes: [
        { ...axis, values: (_chart, splits, _axis, _space, step) => splits.map((seconds) => format[step < MONTH ? 'dayOfYear' : 'month'](new Date(seconds * 1000))), space: 84 },
        { ...axis, values: (_, splits) => splits.map((value) => format.number(value)), size: 64 },
      ],
      series: [{}, { stroke: colour('--quiet'), width: 2, dash: [6, 4], spanGaps: true, points: { show: false } }, { stroke: colour('--accent'), width: 2.5, spanGaps: true, points: { show: true, size: 7, fill: colour('--accent') } }],
    }, [rows.map((row) => Date.parse(row.day) / 1000), rows.map((row) => row.plan), rows.map((row) => row.actual)], box);
    const resize = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height }));
    resize.observe(box);
    return () => {
      resize.disconnect();
      chart.destroy();
    };
  }, [rows, height, theme, format]);

  if (rows.length === 0) return <p className="small chart-none">{kpis.statuses.no_data}</p>;
  return (
    <figure className="chart" dir="ltr">
      <div ref={place} role="img" aria-label={`${kpis.chart}: ${series.kpi.name}`} style={{ height }} />
      <figcaption><span className="key plan">{kpis.plan}</span> <span className="key actual">{kpis.actual}</span></figcaption>
      {table && (
        <details>
          <summary>{kpis.asTable}</summary>
          <table>
            <thead><tr><th scope="col">{common.date}</th><th scope="col">{kpis.plan}</th><th scope="col">{kpis.actual}</th></tr></thead>
            <tbody>{rows.map((row) => <tr key={row.day}><th scope="row">{format.day(row.day)}</th><td>{format.amount(row.plan, series.kpi.unit)}</td><td>{format.amount(row.actual, series.kpi.unit)}</td></tr>)}</tbody>
          </table>
        </details>
      )}
    </figure>
  );
}
