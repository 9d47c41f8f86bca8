// Issues as a board: a column for each status, cards moved by mouse, finger, keyboard or a list.
import { useDeferredValue, useState } from 'react';
import { DndContext, KeyboardSensor, PointerSensor, pointerWithin, rectIntersection, useDraggable, useDroppable, useSensor, useSensors, type Announcements, type CollisionDetection, type DragEndEvent, type KeyboardCoordinateGetter } from '@dnd-kit/core';
import { CSS } from '@dnd-kit/utilities';
import { Link, useLocation } from 'wouter';
import { useIssues, useMoveIssue, useStatuses, type Issue, type IssueFilter, type IssueStatus } from '../data/operations.js';
import { dayOf, today, useFormats } from '../format.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { byMouse, ignoreClick } from '../ui/drag.js';
import { Badge, Button, Empty, Loaded, Select, TextField } from '../ui/parts.js';
import { priorityTone } from '../ui/tones.js';
import { toastError } from '../ui/toasts.js';
import { IssueDialog, NewIssue } from './issue-dialogs.js';

interface CardProps { issue: Issue; statuses: IssueStatus[]; mayWrite: boolean; onMove: (issue: Issue, statusId: string) => void }

function IssueCard({ issue, statuses, mayWrite, onMove }: CardProps) {
  const { operations, goals, common } = useStrings();
  const format = useFormats();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, isDragging } = useDraggable({ id: issue.id, disabled: !mayWrite });
  const late = issue.dueDate && issue.status.category !== 'closed' && dayOf(issue.dueDate) < today();
  return (
    <li ref={setNodeRef} className={`issue ${isDragging ? 'dragging' : ''}`} style={{ transform: CSS.Translate.toString(transform) }} {...(mayWrite ? byMouse(listeners) : {})}>
      <div className="issue-head">
        {mayWrite && <button type="button" className="handle" ref={setActivatorNodeRef} {...attributes} {...listeners} aria-label={goals.drag(issue.title)}><span aria-hidden="true">⠿</span></button>}
        <Link href={`/issues/${issue.id}`} className="row-title" draggable={false}><bdi>{issue.title}</bdi></Link>
      </div>
      <p className="small">
        {issue.priority && <Badge tone={priorityTone[issue.priority]}>{operations.priorities[issue.priority]}</Badge>} <bdi>{issue.type.name}</bdi> · <bdi>{issue.assignedPersonName ?? issue.assignedPersonId ?? common.nobody}</bdi>
        {issue.dueDate && <> · {format.day(issue.dueDate)}</>} {late && <Badge tone="bad">{common.overdue}</Badge>}
      </p>
      {mayWrite && (
        <select className="small-select" aria-label={operations.moveTo(issue.title)} value={issue.statusConfigId} onChange={(event) => onMove(issue, event.target.value)}>
          {statuses.map((status) => <option key={status.id} value={status.id}>{status.name}</option>)}
          {!statuses.some(({ id }) => id === issue.statusConfigId) && <option value={issue.statusConfigId}>{issue.status.name}</option>}
        </select>
      )}
    </li>
  );
}

function Column({ status, issues, ...rest }: { status: IssueStatus; issues: Issue[] } & Omit<CardProps, 'issue'>) {
  const { operations, settings } = useStrings();
  const format = useFormats();
  const { setNodeRef, isOver } = useDroppable({ id: status.id });
  return (
    <section ref={setNodeRef} className={`column ${isOver ? 'over' : ''}`} aria-label={`${status.name}, ${settings.categories[status.category]}`}>
      <h2><bdi>{status.name}</bdi> <span className="small">{format.number(issues.length)}</span></h2>
      <ul>{issues.map((issue) => <IssueCard key={issue.id} issue={issue} {...rest} />)}</ul>
      {issues.length === 0 && <p className="small">{operations.emptyColumn}</p>}
    </section>
  );
}

// Arrow keys go from column to column, the way they lie.
const byColumn: KeyboardCoordinateGetter = (event, { context: { droppableRects, droppableContainers, collisionRect } }) => {
  if (!['ArrowRight', 'ArrowLeft'].includes(event.code) || !collisionRect) return undefined;
  event.preventDefault();
  const columns = droppableContainers.getEnabled().map(({ id }) => droppableRects.get(id)).filter((rect) => rect !== undefined).sort((a, b) => a.left - b.left);
  const middle = collisionRect.left + collisionRect.width / 2;
  const at = columns.findIndex((rect) => middle >= rect.left && middle <= rect.right + 20);
  const next = columns[at + (event.code === 'ArrowRight' ? 1 : -1)];
  return next ? { x: next.left + 10, y: next.top + 10 } : undefined;
};

const overColumn: CollisionDetection = (parts) => {
  const under = pointerWithin(parts);
  return under.length > 0 ? under : rectIntersection(parts);
};

export default function Issues({ id }: { id?: string }) {
  const { operations, common, goals } = useStrings();
  const { mayWrite } = useClaims();
  const [filter, setFilter] = useState<IssueFilter>({ search: '', priority: '' });
  const [creating, setCreating] = useState(false);
  const [, go] = useLocation();
  const query = useIssues(useDeferredValue(filter));
  const statuses = useStatuses().data?.data ?? [];
  const move = useMoveIssue();
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }), useSensor(KeyboardSensor, { coordinateGetter: byColumn }));
  const issues = query.data?.data ?? [];
  const titleOf = (issueId: unknown) => issues.find((one) => one.id === issueId)?.title ?? '';
  const nameOf = (statusId: unknown) => statuses.find((one) => one.id === statusId)?.name ?? '';
  const moveTo = (issue: Issue | undefined, statusId: unknown) => {
    const status = statuses.find((one) => one.id === statusId);
    if (issue && status && issue.statusConfigId !== status.id) move.mutate({ issue, status }, { onError: toastError });
  };
  const drop = ({ active, over }: DragEndEvent) => {
    ignoreClick();
    moveTo(issues.find((one) => one.id === active.id), over?.id);
  };
  const announcements: Announcements = {
    onDragStart: ({ active }) => goals.drag(titleOf(active.id)),
    onDragOver: ({ active, over }) => (over ? operations.moved(titleOf(active.id), nameOf(over.id)) : ''),
    onDragEnd: ({ active, over }) => (over ? operations.moved(titleOf(active.id), nameOf(over.id)) : ''),
    onDragCancel: ({ active }) => goals.dragCancelled(titleOf(active.id)),
  };
  return (
    <>
      <div className="title-row">
        <h1>{operations.issues}</h1>
        {mayWrite && <Button kind="primary" onClick={() => setCreating(true)}>{operations.newIssue}</Button>}
      </div>
      <div className="filters">
        <TextField type="search" label={common.search} value={filter.search} onChange={(event) => setFilter({ ...filter, search: event.target.value })} />
        <Select label={common.priority} value={filter.priority} onChange={(event) => setFilter({ ...filter, priority: event.target.value as IssueFilter['priority'] })} options={[['', common.all], ...Object.entries(operations.priorities)]} />
      </div>
      <Loaded query={query} room={10}>{({ data, pagination }) => (
        <>
          {data.length === 0 && !filter.search && !filter.priority && <Empty title={operations.emptyIssues} text={operations.emptyIssuesText} />}
          {pagination.total > data.length && <p className="note">{operations.more}</p>}
          <DndContext sensors={sensors} collisionDetection={overColumn} onDragEnd={drop} accessibility={{ announcements, screenReaderInstructions: { draggable: operations.dragHelp } }}>
            <div className="board" role="group" aria-label={operations.issues} tabIndex={0}>
              {statuses.map((status) => (
                <Column key={status.id} status={status} statuses={statuses} mayWrite={mayWrite} onMove={moveTo} issues={data.filter(({ statusConfigId }) => statusConfigId === status.id)} />
              ))}
            </div>
          </DndContext>
        </>
      )}</Loaded>
      {creating && <NewIssue onClose={() => setCreating(false)} />}
      {id && <IssueDialog key={id} id={id} onClose={() => go('/issues')} />}
    </>
  );
}
