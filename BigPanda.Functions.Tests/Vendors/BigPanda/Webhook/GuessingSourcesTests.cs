using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using BigPanda.Functions.Tests.Support;
using Moq;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>Anyone may send requests to any source id: that must cost neither storage nor memory.</summary>
public sealed class GuessingSourcesTests
{
    [Fact]
    public async Task Guessed_source_ids_cost_one_read_in_total_and_no_memory()
    {
        var table = Catalogs.Table(Catalogs.Source(Intake.SourceId, Intake.Token));
        var catalog = Catalogs.Over(table.Object);
        var intake = new Intake(sources: catalog);

        var guesses = new List<WeakReference>();
        for (var i = 0; i < 10_000; i++) guesses.Add(await GuessAsync(intake, i));
        GC.Collect();

        // The last request may still be referenced from the stack.
        Assert.InRange(guesses.Count(guess => guess.IsAlive), 0, 1);
        Assert.Equal(10_000, catalog.Unknown.Traffic.Peek().Rejections);
        table.Verify(Catalogs.Query, Times.Once);
        table.VerifyNoOtherCalls();
    }

    [Fact]
    public async Task Before_the_first_read_of_the_sources_requests_share_one_failing_read()
    {
        var reading = new TaskCompletionSource<AsyncPageable<TableEntity>>();
        var table = new Mock<TableClient>(MockBehavior.Strict);
        table.Setup(Catalogs.Query).Returns(() => new LatePages(reading.Task));
        var intake = new Intake(sources: Catalogs.Over(table.Object));

        var requests = Enumerable.Range(0, 100).Select(i => intake.PostAsync(new UnreadStream(), 100, source: $"guess-{i}")).ToList();
        reading.SetException(new RequestFailedException(503, "busy"));

        foreach (var answer in await Task.WhenAll(requests)) Assert.Equal("5", answer.AssertProblem(503).Response.Headers.RetryAfter);
        table.Verify(Catalogs.Query, Times.Once);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> GuessAsync(Intake intake, int i)
    {
        var id = $"guess-{i}";
        (await intake.PostAsync(new UnreadStream(), 100, request => IntakeResponse.SetCaller(request, i), id)).AssertProblem(401);
        return new WeakReference(id);
    }

    private sealed class LatePages(Task<AsyncPageable<TableEntity>> pages) : AsyncPageable<TableEntity>
    {
        public override async IAsyncEnumerable<Page<TableEntity>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await foreach (var page in (await pages).AsPages(continuationToken, pageSizeHint)) yield return page;
        }
    }
}
