import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client';

export interface Loaded<T> {
  value: T | null;
  error: unknown;
  isLoading: boolean;
  reload: () => void;
}

const outageMs = 15_000;

/** Loads when shown and when an input changes, then again after {@link everyMs} while the page is visible. What was loaded stays during an outage, which ends by itself. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, inputs: readonly unknown[], everyMs = 0): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; error: unknown; isLoading: boolean }>({ value: null, error: null, isLoading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => setState({ value: null, error: null, isLoading: true }), inputs);

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = async () => {
      if (document.hidden) return document.addEventListener('visibilitychange', run, { once: true, signal: stop.signal });
      let nextMs = everyMs;
      try {
        const value = await latest.current(stop.signal);
        if (!stop.signal.aborted) setState({ value, error: null, isLoading: false });
      } catch (error) {
        if (error instanceof ApiError && error.isOutage) nextMs = everyMs || outageMs;
        if (!stop.signal.aborted) setState(before => ({ ...before, error, isLoading: false }));
      }
      if (nextMs > 0 && !stop.signal.aborted) timer = setTimeout(run, nextMs);
    };
    void run();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [...inputs, turn, everyMs]);

  return { ...state, reload: useCallback(() => setTurn(before => before + 1), []) };
}

export interface Work {
  run: (work: () => Promise<void>) => void;
  isBusy: boolean;
  error: unknown;
}

/** One thing that a person started: busy until it ends, with its error. */
export function useWork(): Work {
  const [state, setState] = useState<{ isBusy: boolean; error: unknown }>({ isBusy: false, error: null });
  const run = useCallback((work: () => Promise<void>) => {
    setState({ isBusy: true, error: null });
    work().then(
      () => setState({ isBusy: false, error: null }),
      (error: unknown) => setState({ isBusy: false, error }),
    );
  }, []);
  return { ...state, run };
}
