import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** A pointer that rests on a wall screen must not hold the list for ever. */
const restMs = 10_000;

export interface Hold {
  isHeld: boolean;
  /** A person points, scrolls or moves the cursor: the list keeps its order until ten seconds after the last time. */
  touch: () => void;
  release: () => void;
}

export function useHold(): Hold {
  const [isHeld, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const release = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(false);
  }, []);
  const touch = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHeld(false), restMs);
    setHeld(true);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { isHeld, touch, release };
}
