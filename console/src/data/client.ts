// The cache of what the server answered, and how long it is believed.
import { QueryClient } from '@tanstack/react-query';
import { isTractionError } from '@traction/client';

// The client repeats what may be repeated. Only an unreachable server is asked again from here.
const isUnreachable = (error: unknown) => !isTractionError(error);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 60_000, retry: (count, error) => count < 1 && isUnreachable(error), refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});
