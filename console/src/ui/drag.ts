// Cards that are dragged: by the mouse wherever it takes them; by finger and keyboard at their handle, because a finger
// elsewhere scrolls the page.
import type { PointerEvent } from 'react';
import type { DraggableSyntheticListeners } from '@dnd-kit/core';

const isControl = (target: EventTarget) => target instanceof Element && target.closest('button, select') !== null;

export const byMouse = (listeners: DraggableSyntheticListeners) => ({
  onPointerDown: (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && !isControl(event.target)) listeners?.onPointerDown?.(event);
  },
});

/** After a drop: a card that was taken at its link must not open. The click comes right after the button is let go. */
export function ignoreClick(): void {
  const ignore = (event: Event) => event.preventDefault();
  window.addEventListener('click', ignore, { capture: true });
  setTimeout(() => window.removeEventListener('click', ignore, { capture: true }), 0);
}
