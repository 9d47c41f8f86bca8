// Which colour stands for which state. The word is always there as well.
import type { Tone } from './parts.js';

export const goalTone: Record<string, Tone> = { draft: 'quiet', active: 'info', paused: 'warn', completed: 'good', cancelled: 'quiet', archived: 'quiet' };
export const kpiTone: Record<string, Tone> = { on_track: 'good', behind: 'warn', at_risk: 'bad', no_data: 'quiet', achieved: 'good', off_track: 'bad' };
export const priorityTone: Record<string, Tone> = { low: 'quiet', medium: 'info', high: 'warn', critical: 'bad' };
export const actionTone: Record<string, Tone> = { not_started: 'quiet', in_progress: 'info', completed: 'good', blocked: 'bad', cancelled: 'quiet' };
export const strategyTone: Record<string, Tone> = { draft: 'quiet', validated: 'info', adopted: 'good' };
