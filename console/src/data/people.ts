// People: who can own or be assigned something, and who is known.
import { useQuery } from '@tanstack/react-query';
import { unwrap } from '@traction/client';
import { traction } from '../traction.js';
import { keys } from './keys.js';

const { api } = traction;

export const useAssignable = () => useQuery({ queryKey: [...keys.people, 'assignable'], queryFn: ({ signal }) => unwrap(api.GET('/people/assignable', { signal })) });
export const usePeople = () => useQuery({ queryKey: [...keys.people, 'all'], queryFn: ({ signal }) => unwrap(api.GET('/people', { signal })) });
