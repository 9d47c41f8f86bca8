// How the company is doing, at a glance and as it changes.
import { Link } from 'wouter';
import { useAlignment, useCommandCenter, useRecent, useScore, useStats } from '../data/overview.js';
import { useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { Badge, Bar, Card, Empty, Loaded, Skeleton, type Tone } from '../ui/parts.js';
import { CommandCenter } from './command-center.js';

const trendTone: Record<string, Tone> = { improving: 'good', stable: 'quiet', declining: 'bad' };
const trendSign: Record<string, string> = { improving: '▲', stable: '●', declining: '▼' };

function Trend({ trend }: { trend: 'improving' | 'stable' | 'declining' }) {
  const { overview } = useStrings();
  return <Badge tone={trendTone[trend]}><span aria-hidden="true">{trendSign[trend]}</span> {overview.trend[trend]}</Badge>;
}

function OutOf100({ value, trend }: { value: number; trend: 'improving' | 'stable' | 'declining' }) {
  const { overview } = useStrings();
  const format = useFormats();
  return (
    <>
      <p className="big">{format.number(Math.round(value))} <span className="unit">{overview.of100}</span> <Trend trend={trend} /></p>
      <p className="small">{overview.sinceLastWeek}</p>
    </>
  );
}

const Row = ({ label, value }: { label: string; value: number }) => {
  const format = useFormats();
  return <div className="measure"><span>{label}</span><Bar value={value} label={label} /><span className="figure">{format.percent(value)}</span></div>;
};

function Score() {
  const { overview } = useStrings();
  return (
    <Card title={overview.score}>
      <Loaded query={useScore()}>{({ data }) => (
        <>
          <OutOf100 value={data.overallScore} trend={data.trend} />
          {(['goals', 'strategies', 'kpis', 'actions'] as const).map((part) => <Row key={part} label={overview.parts[part]} value={data.components[part].score} />)}
        </>
      )}</Loaded>
    </Card>
  );
}

function Alignment() {
  const { overview } = useStrings();
  return (
    <Card title={overview.alignment}>
      <Loaded query={useAlignment()}>{({ data }) => (
        <>
          <OutOf100 value={data.alignmentScore} trend={data.trend} />
          <Row label={overview.collaboration} value={data.collaborationMetrics.crossGoalCollaboration} />
          <Row label={overview.strategyAlignment} value={data.collaborationMetrics.strategyAlignment} />
          <Row label={overview.kpiSharing} value={data.collaborationMetrics.kpiSharing} />
          <p className="small">{overview.people(data.teamSize ?? 0)}</p>
        </>
      )}</Loaded>
    </Card>
  );
}

// How the active goals stand comes from the command center, like all that needs attention: the statistics judge a goal by
// its worst link, the command center by its primary one, and a page must not say both.
function Standing() {
  const { overview } = useStrings();
  const format = useFormats();
  return (
    <Loaded query={useCommandCenter()} room={2}>{({ data: { summaryStats } }) => (
      <>
        <p className="big">{format.number(summaryStats.totalActiveGoals)} <span className="unit">{overview.active}</span></p>
        <dl className="counts">
          <div><dt>{overview.onTrack}</dt><dd>{format.number(summaryStats.goalsOnTrack)}</dd></div>
          <div><dt>{overview.off}</dt><dd>{format.number(summaryStats.goalsBehind)}</dd></div>
          <div><dt>{overview.atRisk}</dt><dd>{format.number(summaryStats.goalsAtRisk)}</dd></div>
        </dl>
      </>
    )}</Loaded>
  );
}

function Numbers() {
  const { overview, goals } = useStrings();
  const format = useFormats();
  return (
    <Card title={overview.goals}>
      <Loaded query={useStats()}>{({ data }) => (
        data.totalGoals === 0
          ? <Empty text={overview.emptyGoals}><Link href="/goals" className="button primary">{goals.new}</Link></Empty>
          : <>
              <Standing />
              <Row label={overview.average} value={data.averageProgress} />
              <p className="small">{format.number(data.completedGoals)} {overview.completed}</p>
            </>
      )}</Loaded>
    </Card>
  );
}

function Recent() {
  const { overview } = useStrings();
  const format = useFormats();
  const places: Record<string, string> = { goal: '/goals/', kpi: '/kpis/', issue: '/issues/', action: '/actions/' };
  return (
    <Card title={overview.activity} className="wide">
      <Loaded query={useRecent()} room={12}>{({ data }) => (
        data.length === 0 ? <Empty text={overview.emptyActivity} /> : (
          <ol className="feed">
            {data.map((entry) => {
              const place = places[entry.entityType];
              return (
                <li key={entry.id}>
                  <p dir="auto">{place ? <Link href={place + entry.entityId}>{entry.description}</Link> : entry.description}</p>
                  <p className="small"><bdi>{entry.userName ?? entry.userId}</bdi> · <time dateTime={entry.timestamp}>{format.ago(entry.timestamp)}</time></p>
                </li>
              );
            })}
          </ol>
        )
      )}</Loaded>
    </Card>
  );
}

export function Overview() {
  const { overview } = useStrings();
  // All of it at once: cards that come one after the other would push each other about.
  const parts = [useStats(), useScore(), useAlignment(), useCommandCenter(), useRecent()];
  if (parts.some(({ isPending }) => isPending)) return <><h1>{overview.title}</h1><Card><Skeleton room={24} /></Card></>;
  return (
    <>
      <h1>{overview.title}</h1>
      <div className="grid">
        <Numbers />
        <Score />
        <Alignment />
        <CommandCenter />
        <Recent />
      </div>
    </>
  );
}
