import type { ExplainedAction, ExplainedStep } from '../../.generated/openapi';

/** Each stands for itself: a later one does not replace it. */
const single = ['comment', 'callback', 'page-note'];

/** The actions that have failed, newest first, without those that a later one of their system has replaced. */
export function openFailures(steps: ExplainedStep[]): ExplainedAction[] {
  const replaced = new Set<string>();
  const failures: ExplainedAction[] = [];
  for (const action of [...steps].reverse().flatMap(step => [...step.actions].reverse())) {
    const isSingle = single.includes(action.kind);
    if (action.state === 'failed' && (isSingle || !replaced.has(action.destination))) failures.push(action);
    if (!isSingle) replaced.add(action.destination);
  }
  return failures;
}
