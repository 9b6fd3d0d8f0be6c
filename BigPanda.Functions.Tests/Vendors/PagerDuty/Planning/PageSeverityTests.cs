using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Vendors.PagerDuty.Planning;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Planning;

public sealed class PageSeverityTests
{
    private static readonly PagingPolicy Policy = new()
    {
        Severities = new Dictionary<string, string> { ["warning"] = "info", ["unknown"] = "disaster" },
    };

    [Theory]
    [InlineData("critical", null, null, "critical")]
    [InlineData("warning", "critical", null, "info")]
    [InlineData("unknown", null, null, "error")]
    [InlineData("disaster", null, null, "error")]
    [InlineData("ok", null, "critical", "info")]
    [InlineData(null, "critical", null, "critical")]
    [InlineData(null, "acknowledged", "critical", "critical")]
    [InlineData("acknowledged", "acknowledged", "warning", "warning")]
    [InlineData(null, "active", null, "error")]
    [InlineData(null, null, null, "error")]
    public void A_severity_follows_from_BigPandas_and_the_map(string? severity, string? status, string? before, string expected) =>
        Assert.Equal(expected, PageSeverity.Of(new AlertContent { Severity = severity, IncidentStatus = status }, Policy, before));
}
