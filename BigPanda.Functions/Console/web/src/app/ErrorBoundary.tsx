import { Component, type ComponentChildren } from 'preact';

/** A defect in one view must not leave an empty page, least of all at night. */
export class ErrorBoundary extends Component<{ children: ComponentChildren }, { error: string | null }> {
  override state = { error: null as string | null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.error === null) return <>{this.props.children}</>;
    return (
      <section class="center" role="alert">
        <h1>This view failed</h1>
        <p>
          The bridge itself is not affected. Reload the page; if it happens again, report this: <code>{this.state.error}</code>
        </p>
        <button class="primary" onClick={() => location.reload()}>
          Reload
        </button>
      </section>
    );
  }
}
