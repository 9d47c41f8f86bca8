// A goal's strategies in the order in which people believe in them: dragged by mouse, finger or keyboard.
import { useState, type FormEvent } from 'react';
import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors, type Announcements, type DragEndEvent } from '@dnd-kit/core';
import { arrayMove, SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { useAddStrategy, useChangeStrategy, useRemoveStrategy, useReorderStrategies, type Goal, type Strategy } from '../data/goals.js';
import { useStrings } from '../preferences.js';
import { useClaims } from '../session-context.js';
import { byMouse } from '../ui/drag.js';
import { Badge, Button, Card, Empty, TextField } from '../ui/parts.js';
import { strategyTone } from '../ui/tones.js';
import { toastError } from '../ui/toasts.js';

function Item({ strategy, goalId, mayWrite }: { strategy: Strategy; goalId: string; mayWrite: boolean }) {
  const { goals, common } = useStrings();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: strategy.id, disabled: !mayWrite });
  const change = useChangeStrategy(goalId);
  const remove = useRemoveStrategy(goalId);
  return (
    <li ref={setNodeRef} className={`strategy ${isDragging ? 'dragging' : ''}`} style={{ transform: CSS.Transform.toString(transform), transition }} {...(mayWrite ? byMouse(listeners) : {})}>
      {mayWrite && <button type="button" className="handle" ref={setActivatorNodeRef} {...attributes} {...listeners} aria-label={goals.drag(strategy.name)}><span aria-hidden="true">⠿</span></button>}
      <span className="strategy-text" dir="auto">{strategy.title && <strong>{strategy.title}: </strong>}{strategy.description}</span>
      {mayWrite ? (
        <>
          <select aria-label={`${common.status}: ${strategy.name}`} value={strategy.status} className="small-select"
            onChange={(event) => change.mutate({ id: strategy.id, body: { status: event.target.value as Strategy['status'] } }, { onError: toastError })}>
            {Object.entries(goals.strategyStatuses).map(([value, text]) => <option key={value} value={value}>{text}</option>)}
          </select>
          <button type="button" className="icon" aria-label={`${common.remove}: ${strategy.name}`} onClick={() => remove.mutate(strategy.id, { onError: toastError })}><span aria-hidden="true">×</span></button>
        </>
      ) : <Badge tone={strategyTone[strategy.status]}>{goals.strategyStatuses[strategy.status]}</Badge>}
    </li>
  );
}

export function Strategies({ goal }: { goal: Goal }) {
  const { goals, common } = useStrings();
  const { mayWrite } = useClaims();
  const [text, setText] = useState('');
  const reorder = useReorderStrategies(goal.id);
  const add = useAddStrategy(goal.id);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }), useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }));
  const { strategies } = goal;
  const nameOf = (id: unknown) => strategies.find((one) => one.id === id)?.name ?? '';
  const placeOf = (id: unknown) => strategies.findIndex((one) => one.id === id) + 1;
  const announcements: Announcements = {
    onDragStart: ({ active }) => goals.picked(nameOf(active.id), placeOf(active.id)),
    onDragOver: ({ active, over }) => goals.over(nameOf(active.id), placeOf(over?.id ?? active.id)),
    onDragEnd: ({ active, over }) => goals.dropped(nameOf(active.id), placeOf(over?.id ?? active.id)),
    onDragCancel: ({ active }) => goals.dragCancelled(nameOf(active.id)),
  };
  const drop = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return;
    reorder.mutate(arrayMove(strategies, placeOf(active.id) - 1, placeOf(over.id) - 1), { onError: toastError });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ description: text }, { onSuccess: () => setText(''), onError: toastError });
  };
  return (
    <Card title={goals.strategies}>
      {strategies.length === 0 && <Empty text={goals.strategiesEmpty} />}
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={drop} accessibility={{ announcements, screenReaderInstructions: { draggable: goals.dragHelp } }}>
        <SortableContext items={strategies} strategy={verticalListSortingStrategy}>
          <ol className="strategies">{strategies.map((strategy) => <Item key={strategy.id} strategy={strategy} goalId={goal.id} mayWrite={mayWrite} />)}</ol>
        </SortableContext>
      </DndContext>
      {mayWrite && (
        <form className="add" onSubmit={submit}>
          <TextField label={goals.newStrategy} required maxLength={5000} dir="auto" value={text} onChange={(event) => setText(event.target.value)} />
          <Button type="submit">{common.add}</Button>
        </form>
      )}
    </Card>
  );
}
