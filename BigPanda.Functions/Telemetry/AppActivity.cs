using System.Diagnostics;

namespace BigPanda.Functions.Telemetry;

/// <summary>The bridge's own part of a trace, which goes on through both queues to the call to BigPanda.</summary>
internal static class AppActivity
{
    public const string SourceName = "BigPanda.Functions";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The W3C <c>traceparent</c> of what is under way; null when nothing is traced.</summary>
    public static string? TraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Goes on with a trace that came with a message. What cannot be read begins one of its own.</summary>
    /// <returns>Null when what is under way belongs to that trace already, or nobody listens.</returns>
    public static Activity? Continue(string name, string? traceParent)
    {
        var current = Activity.Current;
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)) return Source.StartActivity(name, ActivityKind.Consumer);
        if (current?.TraceId == parent.TraceId) return null;
        return Source.StartActivity(name, ActivityKind.Consumer, parent, links: current is null ? null : [new ActivityLink(current.Context)]);
    }
}
