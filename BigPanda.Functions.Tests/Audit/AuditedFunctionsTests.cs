using BigPanda.Functions.Audit;
using BigPanda.Functions.Tests.Structure;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Audit;

/// <summary>Nothing is changed through the API without an entry in the audit trail.</summary>
public sealed class AuditedFunctionsTests
{
    /// <summary>
    /// They change nothing, run another function with its entry (ConsoleApi), or
    /// what a vendor or a monitor reports is in the timeline and in their own counts.
    /// </summary>
    private static readonly string[] WithoutEntry =
    [
        "ConsoleApi",
        "PreviewMonitorAlert", "PreviewPage", "ProbeConnection", "RebuildAlert", "ReceiveMonitorAlert", "ReceivePagerDutyWebhook", "ReceiveWebhook",
        "ReceiveWrapperAlert",
    ];

    private static readonly IReadOnlyList<HttpFunction> Changing =
    [
        .. FunctionCatalog.Discover([typeof(AppServices).Assembly]).Http.Where(function => function.Methods.Any(method => method is not ("GET" or "HEAD"))),
    ];

    [Fact]
    public void Every_function_that_changes_something_has_a_code_or_is_entered_here() => Violations.AssertNone(
        from function in Changing
        where AuditedFunctions.Find(function.Name) is null != WithoutEntry.Contains(function.Name)
        select function.Name);

    [Fact]
    public void Every_code_belongs_to_one_function_that_exists()
    {
        var codes = Changing.Select(function => AuditedFunctions.Find(function.Name)?.Action).OfType<string>().Order(StringComparer.Ordinal).ToList();

        Assert.Equal(codes.Distinct(), codes);
        Assert.Equal(codes, AuditedFunctions.Actions);
    }

    /// <summary>An id in the path is what is changed.</summary>
    [Fact]
    public void The_target_is_the_first_id_of_the_route() => Violations.AssertNone(
        from function in Changing
        where AuditedFunctions.Find(function.Name) is { } audited && audited.TargetSegment != Place(function.Route)
        select function.Name);

    private static int? Place(string route) => Array.FindIndex(route.Split('/'), segment => segment[0] == '{') is >= 0 and var place ? place : null;
}
