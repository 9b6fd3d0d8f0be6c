using BigPanda.Functions.Audit;
using BigPanda.Functions.Audit.Api;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Audit;

/// <summary>Which entries a query of the trail selects, and what is wrong with one that cannot be read.</summary>
public sealed class AuditQueryTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_parameters_the_newest_fifty_are_read_also_of_a_clock_that_is_ahead() => Assert.Equal(
        new AuditQuery(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), Now.AddDays(1), null, null, 50, null), AuditQueryReader.Read(Query(""), Now).Query);

    [Fact]
    public void Each_parameter_selects()
    {
        var id = $"{new string('1', 19)}-0a";
        var query = AuditQueryReader.Read(
            Query($"?from=2027-01-30&to=2027-01-31T12:00:00.5Z&action=alert.resolve&target=incident-1&limit=200&continuation={id}"), Now).Query;

        Assert.Equal(
            new AuditQuery(new(2027, 1, 30, 0, 0, 0, TimeSpan.Zero), Now.AddSeconds(0.5), "alert.resolve", "incident-1", 200, AuditStore.IsId(id) ? id : null),
            query);
    }

    [Theory]
    [InlineData("?from=2027-01-31&to=2027-01-31&limit=1")]
    [InlineData("?from=2000-01-01")]
    [InlineData("?to=2027-01-31T12:00:00%2B02:00")]
    [InlineData("?limit=&action=&target=&continuation=&from=&to=")]
    public void These_are_valid(string query) => Assert.NotNull(AuditQueryReader.Read(Query(query), Now).Query);

    [Theory]
    [InlineData("?from=yesterday", "from and to must be dates (2027-01-31) or times (2027-01-31T12:00:00Z).")]
    [InlineData("?to=31.01.2027", "from and to must be dates (2027-01-31) or times (2027-01-31T12:00:00Z).")]
    [InlineData("?from=1999-12-31", "from and to must be dates (2027-01-31) or times (2027-01-31T12:00:00Z).")]
    [InlineData("?from=2027-01-31&to=2027-01-30", "from must not be later than to.")]
    [InlineData("?limit=0", "limit must be a number from 1 to 200.")]
    [InlineData("?limit=201", "limit must be a number from 1 to 200.")]
    [InlineData("?limit=ten", "limit must be a number from 1 to 200.")]
    [InlineData("?target=a&target=b", "target must be given once.")]
    [InlineData("?continuation=1-x", "Invalid continuation. Omit it to start from the newest entry.")]
    public async Task What_is_wrong_is_said(string query, string detail)
    {
        var (read, problem) = AuditQueryReader.Read(Query(query), Now);

        Assert.Null(read);
        Assert.Equal(detail, await problem.DetailAsync());
    }

    [Fact]
    public async Task An_unknown_action_is_answered_with_the_list()
    {
        var detail = await AuditQueryReader.Read(Query("?action=alert.delete"), Now).Problem.DetailAsync();

        Assert.StartsWith("action must be one of alert.comment, alert.removeDeliveries, alert.resolve, ", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_is_as_long_as_an_incidents_id_may_be()
    {
        Assert.NotNull(AuditQueryReader.Read(Query($"?target={new string('a', 1000)}"), Now).Query);
        Assert.Equal(
            "target must have at most 1000 characters.", await AuditQueryReader.Read(Query($"?target={new string('a', 1001)}"), Now).Problem.DetailAsync());
    }

    [Theory]
    [InlineData(AuditResult.Begun, "begun")]
    [InlineData(AuditResult.Ok, "ok")]
    [InlineData(AuditResult.Refused, "refused")]
    [InlineData(AuditResult.Failed, "failed")]
    internal void A_result_is_shown_by_its_name(AuditResult result, string name) => Assert.Equal(
        name, AuditView.Of(new AuditEntry("1-a", Now, "alert.resolve", "ada", "trace") { Result = result }).Result);

    private static IQueryCollection Query(string text) => new DefaultHttpContext { Request = { QueryString = new QueryString(text) } }.Request.Query;
}
