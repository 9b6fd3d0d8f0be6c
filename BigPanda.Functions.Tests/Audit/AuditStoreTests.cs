using BigPanda.Functions.Audit;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Audit;

/// <summary>Reading the trail, and its retention.</summary>
public sealed class AuditStoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 23, 0, 0, TimeSpan.Zero);

    private readonly AuditStore _store = new(new MemoryTables(new ManualTimeProvider()));

    /// <summary>An entry each half hour, over the end of a month and of a year.</summary>
    [Theory]
    [InlineData(2026, 1)]
    [InlineData(2026, 12)]
    public async Task Pages_go_on_from_newest_to_oldest_without_a_gap(int year, int month)
    {
        var start = new DateTimeOffset(year, month, 31, 20, 0, 0, TimeSpan.Zero);
        await FillAsync(start, 20);
        List<string> targets = [];
        string? behind = null;
        do
        {
            var (entries, next) = await _store.ListAsync(new AuditQuery(start, start.AddDays(1), null, null, 7, behind), CancellationToken.None);
            targets.AddRange(entries.Select(entry => entry.Target ?? ""));
            behind = next;
        }
        while (behind is not null);

        Assert.Equal(Enumerable.Range(0, 20).Reverse().Select(n => $"{n}"), targets);
    }

    [Fact]
    public async Task From_and_to_are_included()
    {
        await FillAsync(Start, 6);

        Assert.Equal(["3", "2", "1"], await TargetsAsync(new AuditQuery(Start.AddMinutes(30), Start.AddMinutes(90), null, null, 10, null)));
    }

    [Fact]
    public async Task Action_and_target_select()
    {
        await FillAsync(Start, 6);

        Assert.Equal(["4", "2", "0"], await TargetsAsync(All with { Action = "alert.resolve" }));
        Assert.Equal(["3"], await TargetsAsync(All with { Target = "3" }));
        Assert.Empty(await TargetsAsync(All with { Target = "3", Action = "alert.resolve" }));
    }

    [Fact]
    public async Task Retention_deletes_what_is_older_and_at_most_so_many()
    {
        await FillAsync(Start, 250);
        var before = Start.AddMinutes(30 * 240);

        Assert.Equal(100, await _store.RemoveOlderAsync(before, 100, CancellationToken.None));
        Assert.Equal(140, await _store.RemoveOlderAsync(before, 1000, CancellationToken.None));
        Assert.Equal(10, (await TargetsAsync(All with { To = Start.AddDays(30), Limit = 100 })).Count);
    }

    [Theory]
    [InlineData("0251926720000000000-0123abcd", true)]
    [InlineData("0251926720000000000-", false)]
    [InlineData("0251926720000000000", false)]
    [InlineData("x", false)]
    [InlineData("0251926720000000000-' or", false)]
    public void A_continuation_is_an_id(string text, bool isId) => Assert.Equal(isId, AuditStore.IsId(text));

    private static AuditQuery All => new(Start.AddDays(-1), Start.AddDays(1), null, null, 10, null);

    private async Task<IReadOnlyList<string?>> TargetsAsync(AuditQuery query) =>
        [.. (await _store.ListAsync(query, CancellationToken.None)).Entries.Select(entry => entry.Target)];

    private async Task FillAsync(DateTimeOffset start, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            var at = start.AddMinutes(30 * i);
            var entry = new AuditEntry(AuditStore.NewId(at), at, i % 2 == 0 ? "alert.resolve" : "alert.comment", "ada", "trace") { Target = $"{i}" };
            await _store.AddAsync(entry, CancellationToken.None);
        }
    }
}
