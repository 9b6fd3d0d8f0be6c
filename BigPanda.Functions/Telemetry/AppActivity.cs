using System.Diagnostics;

namespace BigPanda.Functions.Telemetry;

/// <summary>The bridge's spans. A trace continues through both queues to the call to BigPanda.</summary>
internal static class AppActivity
{
    public const string SourceName = "BigPanda.Functions";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The current W3C <c>traceparent</c>; null when nothing is traced.</summary>
    public static string? TraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Continues the trace of a message. An unreadable <paramref name="traceParent"/> starts a separate trace.</summary>
    /// <returns>Null when the current activity already belongs to that trace, or there is no listener.</returns>
    public static Activity? Continue(string name, string? traceParent)
    {
        var current = Activity.Current;
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)) return Source.StartActivity(name, ActivityKind.Consumer);
        if (current?.TraceId == parent.TraceId) return null;
        return Source.StartActivity(name, ActivityKind.Consumer, parent, links: current is null ? null : [new ActivityLink(current.Context)]);
    }
}
