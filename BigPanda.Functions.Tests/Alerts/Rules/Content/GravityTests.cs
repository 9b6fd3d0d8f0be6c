using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Alerts.Rules.History;

namespace BigPanda.Functions.Tests.Alerts.Rules.Content;

public sealed class GravityTests
{
    [Theory]
    [InlineData("ok", "acknowledged")]
    [InlineData("acknowledged", "unknown")]
    [InlineData("unknown", "warning")]
    [InlineData("warning", "critical")]
    [InlineData("critical", "disaster")]
    [InlineData(null, "ok")]
    public void Severities_are_ranked_and_an_unknown_word_ranks_highest(string? better, string worse)
    {
        Assert.Equal($"{worse} instead of {better ?? "no severity"}", new Gravity(worse, []).DescribeWorsening(new Gravity(better, [])));
        Assert.Null(new Gravity(better, []).DescribeWorsening(new Gravity(worse, [])));
        Assert.Null(new Gravity(worse, []).DescribeWorsening(new Gravity(worse, [])));
    }

    [Fact]
    public void Two_unknown_words_rank_equally() => Assert.Null(new Gravity("disaster", []).DescribeWorsening(new Gravity("apocalypse", [])));

    [Theory]
    [InlineData(new uint[] { 1 }, null)]
    [InlineData(new uint[] { }, null)]
    [InlineData(new uint[] { 1, 2 }, "a new alert")]
    [InlineData(new uint[] { 2, 3, 4 }, "3 new alerts")]
    public void A_new_alert_is_worse(uint[] alerts, string? worse)
    {
        var seen = new Gravity("warning", [1]);

        Assert.Equal(worse, new Gravity("warning", alerts).DescribeWorsening(seen));
        Assert.Equal(worse is null ? "critical instead of warning" : $"critical instead of warning, {worse}",
            new Gravity("critical", alerts).DescribeWorsening(seen));
    }

    [Theory]
    [InlineData("Warning", "Critical", "critical")]
    [InlineData("Critical", "Warning", "critical")]
    [InlineData("Critical", null, "critical")]
    [InlineData(null, "Warning", "warning")]
    [InlineData(null, null, null)]
    public void The_worse_of_severity_and_status_counts(string? severity, string? status, string? expected)
    {
        var incident = new Incident { Id = "i", Severity = severity, Status = status };

        Assert.Equal(expected, Gravity.Of(incident).Severity);
        Assert.Equal(expected, Gravity.Of(new AlertContent { Severity = severity?.ToLowerInvariant(), IncidentStatus = status?.ToLowerInvariant() }).Severity);
    }

    /// <summary>From the incident as received and from the stored content alike.</summary>
    [Fact]
    public void Alerts_that_are_not_ok_count_by_id_or_description()
    {
        var incident = new Incident
        {
            Id = "i",
            Alerts =
            [
                new() { Id = "a", Description = "disk", Status = "Critical" }, new() { Id = "b", Status = "OK" },
                new() { Description = "disk", Status = "warning" }, new() { Status = null },
            ],
        };
        var expected = new[] { StableHash.Of("a"), StableHash.Of("disk"), StableHash.Of("") }.Select(hash => (uint)hash);

        Assert.Equal(expected, Gravity.Of(incident).Alerts);
        Assert.Equal(expected, Gravity.Of(new AlertContent { Alerts = [.. incident.Alerts.Select(AlertDetail.From)] }).Alerts);
    }
}
