import { useEffect, useState } from 'preact/hooks';

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const watch = () => setMatches(media.matches);
    watch();
    media.addEventListener('change', watch);
    return () => media.removeEventListener('change', watch);
  }, [query]);
  return matches;
}
