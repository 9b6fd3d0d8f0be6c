using BigPanda.Functions.Monitors.Intake;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Monitors.Intake;

public sealed class PreviewTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(SourceKind.Monitor, "nagios", 503, "intake-failed")]
    [InlineData(SourceKind.BigPanda, null, 404, "source-not-found")]
    public async Task A_source_that_cannot_be_previewed_is_answered_with_what_it_is(SourceKind kind, string? format, int status, string code)
    {
        var store = new SourceStore(new MemoryTables(_time), NullLogger<SourceStore>.Instance);
        await store.AddAsync(Catalogs.Source("one", "token") with { Kind = kind, Format = format }, CancellationToken.None);
        var function = new PreviewMonitorAlertFunction(store, _time, NullLogger<PreviewMonitorAlertFunction>.Instance);

        var answer = await function.RunAsync(new DefaultHttpContext().Request, "one", CancellationToken.None);

        var problem = Assert.IsType<ProblemHttpResult>(answer).ProblemDetails;
        Assert.Equal((status, code), (problem.Status, problem.Extensions["code"]));
    }
}
