import { useEffect, useState } from 'preact/hooks';

/** A value that components show and anything may change: all the state management that the console has. */
export class Store<T> {
  private readonly watchers = new Set<(value: T) => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (value === this.current) return;
    this.current = value;
    for (const watcher of [...this.watchers]) watcher(value);
  }

  update(part: Partial<T>): void {
    this.set({ ...this.current, ...part });
  }

  watch(watcher: (value: T) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}

export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.value);
  useEffect(() => {
    // It may have changed between the render and this effect.
    setValue(() => store.value);
    return store.watch(next => setValue(() => next));
  }, [store]);
  return value;
}
