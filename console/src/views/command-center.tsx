// What needs attention today: KPIs behind their plan, overdue actions, critical issues, and what is mine.
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { LISTED, useCommandCenter, type CommandCenter as Data } from '../data/overview.js';
import { useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { Badge, Card, Empty, Loaded } from '../ui/parts.js';
import { priorityTone } from '../ui/tones.js';

const SHOWN = 5;

interface PartProps<Item> { title: string; items: Item[]; count: string; all: string; children: (item: Item) => ReactNode }

function Part<Item>({ title, items, count, all, children }: PartProps<Item>) {
  const { overview } = useStrings();
  if (items.length === 0) return null;
  return (
    <section>
      <h3>{title} <Badge tone="bad">{count}</Badge></h3>
      <ul className="attention">{items.slice(0, SHOWN).map(children)}</ul>
      {items.length > SHOWN && <Link href={all} aria-label={`${overview.showAll(count)}: ${title}`}>{overview.showAll(count)}</Link>}
    </section>
  );
}

function Attention({ data: { alerts, summaryStats } }: { data: Data }) {
  const { overview, operations } = useStrings();
  const format = useFormats();
  // By how much, without a sign: "behind" says it. Null where nothing was expected.
  const behind = (share: number | null) => overview.behindPlan(share === null ? null : format.percent(Math.abs(share)));
  const listed = alerts.kpisAtRisk.length;
  if (alerts.kpisAtRisk.length + alerts.actionsPastDue.length + alerts.criticalIssues.length === 0) return <Empty text={overview.emptyAttention} />;
  return (
    <>
      <Part title={overview.kpisAtRisk} items={alerts.kpisAtRisk} count={`${format.number(listed)}${listed === LISTED ? '+' : ''}`} all="/kpis">{(kpi) => (
        <li key={kpi.kpiLinkId}><Link href={`/kpis/${kpi.kpiId}`}><bdi>{kpi.kpiName}</bdi></Link> <span className="small"><bdi>{kpi.goalTitle}</bdi> · {behind(kpi.variancePercentage)}</span></li>
      )}</Part>
      <Part title={overview.actionsPastDue} items={alerts.actionsPastDue} count={format.number(summaryStats.actionsPastDue)} all="/actions">{(action) => (
        <li key={action.actionId}><Link href={`/actions/${action.actionId}`}><bdi>{action.title}</bdi></Link> <span className="small">{overview.daysPastDue(action.daysPastDue)}</span></li>
      )}</Part>
      <Part title={overview.criticalIssues} items={alerts.criticalIssues} count={format.number(summaryStats.criticalIssues)} all="/issues">{(issue) => (
        <li key={issue.issueId}><Link href={`/issues/${issue.issueId}`}><bdi>{issue.title}</bdi></Link> <Badge tone={priorityTone[issue.impact]}>{operations.priorities[issue.impact]}</Badge> <span className="small"><bdi>{issue.statusName}</bdi></span></li>
      )}</Part>
    </>
  );
}

function Mine({ tasks }: { tasks: Data['myTasks'] }) {
  const { overview, common } = useStrings();
  const format = useFormats();
  if (tasks.length === 0) return <Empty text={overview.emptyMine} />;
  return (
    <ul className="attention">
      {tasks.map((task) => <li key={task.id}><Link href={`/actions/${task.id}`}><bdi>{task.title}</bdi></Link> <span className="small">{common.due} {format.day(task.dueDate)}</span></li>)}
    </ul>
  );
}

export function CommandCenter() {
  const { overview } = useStrings();
  const query = useCommandCenter();
  return (
    <>
      <Card title={overview.attention} className="wide"><Loaded query={query} room={8}>{({ data }) => <Attention data={data} />}</Loaded></Card>
      <Card title={overview.mine} className="wide"><Loaded query={query} room={3}>{({ data }) => <Mine tasks={data.myTasks} />}</Loaded></Card>
    </>
  );
}
