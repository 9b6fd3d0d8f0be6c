using System.Collections.Frozen;

namespace BigPanda.Functions.Audit;

/// <summary>The functions whose requests change something, with the code of what they do. A test compares the table with the functions.</summary>
internal static class AuditedFunctions
{
    private static readonly FrozenDictionary<string, AuditedFunction> All = new Dictionary<string, AuditedFunction>
    {
        ["ResolveAlert"] = new("alert.resolve", 1),
        ["CommentAlert"] = new("alert.comment", 1),
        ["RetryAction"] = new("alert.retry", 1),
        ["RemoveDeliveries"] = new("alert.removeDeliveries", 1),
        ["ReplayDeadLetters"] = new("deadLetters.replay"),
        ["ReleaseBrake"] = new("brake.release"),
        ["RunReconciler"] = new("reconciler.run"),
        ["PutConnection"] = new("connection.store"),
        ["DeleteConnection"] = new("connection.delete"),
        ["CreateSource"] = new("source.create"),
        ["ChangeSource"] = new("source.change", 1),
        ["DeleteSource"] = new("source.delete", 1),
        ["AddSourceToken"] = new("source.addToken", 1),
        ["DeleteSourceToken"] = new("source.deleteToken", 1),
        ["PutMonitorConnection"] = new("monitor.store", 1),
        ["DeleteMonitorConnection"] = new("monitor.delete", 1),
        ["PutPagerDuty"] = new("pagerDuty.store"),
        ["DeletePagerDuty"] = new("pagerDuty.delete"),
        ["TestPagerDuty"] = new("pagerDuty.test"),
        ["EnablePagerDutySubscription"] = new("pagerDuty.enableSubscription"),
    }.ToFrozenDictionary();

    /// <summary>In their order of names.</summary>
    public static IReadOnlyList<string> Actions { get; } = [.. All.Values.Select(one => one.Action).Order(StringComparer.Ordinal)];

    public static AuditedFunction? Find(string function) => All.GetValueOrDefault(function);
}

/// <param name="Action">What the API calls it.</param>
/// <param name="TargetSegment">Which segment of the path behind /api/ names what is changed; null for none.</param>
internal sealed record AuditedFunction(string Action, int? TargetSegment = null);
