// How the company is doing, at a glance and as it changes.
import { Link } from 'wouter';
import { useAlignment, useRecent, useScore, useStats } from '../data/overview.js';
import { useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { Badge, Bar, Card, Empty, Loaded, type Tone } from '../ui/parts.js';
import { CommandCenter } from './command-center.js';

const trendTone: Record<string, Tone> = { improving: 'good', stable: 'quiet', declining: 'bad' };
const trendSign: Record<string, string> = { improving: '▲', stable: '●', declining: '▼' };

function Trend({ trend }: { trend: 'improving' | 'stable' | 'declining' }) {
  const { overview } = useStrings();
  return <Badge tone={trendTone[trend]}><span aria-hidden="true">{trendSign[trend]}</span> {overview.trend[trend]}</Badge>;
}

const Row = ({ label, value }: { label: string; value: number }) => {
  const format = useFormats();
  return <div className="measure"><span>{label}</span><Bar value={value} label={label} /><span className="figure">{format.percent(value)}</span></div>;
};

function Score() {
  const { overview } = useStrings();
  const format = useFormats();
  const query = useScore();
  return (
    <Card title={overview.score}>
      <Loaded query={query}>{({ data }) => (
        <>
          <p className="big">{format.number(data.overallScore)} <Trend trend={data.trend} /></p>
          {(['goals', 'strategies', 'kpis', 'actions'] as const).map((part) => <Row key={part} label={overview.parts[part]} value={data.components[part].score} />)}
        </>
      )}</Loaded>
    </Card>
  );
}

function Alignment() {
  const { overview } = useStrings();
  const format = useFormats();
  return (
    <Card title={overview.alignment}>
      <Loaded query={useAlignment()}>{({ data }) => (
        <>
          <p className="big">{format.number(data.alignmentScore)} <Trend trend={data.trend} /></p>
          <Row label={overview.collaboration} value={data.collaborationMetrics.crossGoalCollaboration} />
          <Row label={overview.strategyAlignment} value={data.collaborationMetrics.strategyAlignment} />
          <Row label={overview.kpiSharing} value={data.collaborationMetrics.kpiSharing} />
          <p className="small">{overview.people(data.teamSize ?? 0)}</p>
        </>
      )}</Loaded>
    </Card>
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
              <p className="big">{format.number(data.activeGoals)} <span className="unit">{overview.active}</span></p>
              <Row label={overview.average} value={data.averageProgress} />
              <dl className="counts">
                <div><dt>{overview.completed}</dt><dd>{format.number(data.completedGoals)}</dd></div>
                <div><dt>{overview.onTrack}</dt><dd>{format.number(data.onTrackCount)}</dd></div>
                <div><dt>{overview.atRisk}</dt><dd>{format.number(data.atRiskCount)}</dd></div>
                <div><dt>{overview.off}</dt><dd>{format.number(data.offTrackCount)}</dd></div>
              </dl>
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
