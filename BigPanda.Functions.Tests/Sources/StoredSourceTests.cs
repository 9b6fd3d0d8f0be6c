using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Sources.Traffic;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using Moq;

namespace BigPanda.Functions.Tests.Sources;

/// <summary>Rows that an earlier version wrote, and damaged rows.</summary>
public sealed class StoredSourceTests
{
    private const string Token = """{"Id":"t","Prefix":"abcdef","Sha256":"AAAA","CreatedAt":"2026-11-01T10:00:00+00:00"}""";

    [Fact]
    public async Task A_source_of_an_earlier_version_has_the_defaults_of_what_it_lacks()
    {
        var catalog = await ReadAsync($$"""{"Id":"old","Name":"Old","CreatedAt":"2026-11-01T10:00:00+00:00","Tokens":[{{Token}}],"Unheard":1}""");

        var source = catalog.Find("old");
        Assert.Equal(("Authorization", null, null), (source.Source.HeaderName, source.Source.AppKey, source.Source.TitleTemplate));
        Assert.Equal((true, SourceKind.BigPanda), (source.IsBearer, source.Source.Kind));
        Assert.Equal((false, false), (source.Source.OneTime, source.Source.Flatten));
    }

    [Fact]
    public void Texts_that_a_row_lacks_are_empty()
    {
        var source = StoredSource.Read(
            """{"Id":"a","CreatedAt":"2026-11-01T10:00:00+00:00","Tokens":[{"Sha256":"AAAA","CreatedAt":"2026-11-01T10:00:00+00:00"}]}""");

        var token = Assert.Single(source?.Tokens ?? []);
        Assert.Equal(("", "", ""), (source?.Name, token.Id, token.Prefix));
    }

    [Theory]
    [InlineData(SourceKind.BigPanda, "/api/webhooks/bigpanda/a%2Fb")]
    [InlineData(SourceKind.Monitor, "/api/monitors/a%2Fb/alerts")]
    public void The_kind_decides_the_callback_path(SourceKind kind, string path) => Assert.Equal(path, kind.CallbackPath("a/b"));

    [Fact]
    public void A_kind_is_read_by_its_name_only() => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<SourceKind>("1"));

    [Theory]
    [InlineData(SourceKind.BigPanda, "bigpanda")]
    [InlineData(SourceKind.Monitor, "monitor")]
    public void The_kind_is_stored_by_its_name_in_the_API(SourceKind kind, string name)
    {
        Assert.Contains(
            $"\"Kind\":\"{name}\"", SourceStore.Row(Catalogs.Source("main", "a-token") with { Kind = kind }).GetString("Source"), StringComparison.Ordinal);
        Assert.Equal((kind, name), (SourceKinds.Find(name), kind.Name()));
    }

    /// <summary>The reader is written by hand: a member that it forgets would be lost with the next change of the source.</summary>
    [Fact]
    public void Every_member_that_is_written_is_read()
    {
        var token = new SourceToken("t", "abcdef", [1, 2, 3], DateTimeOffset.UnixEpoch);
        var source = new AlertSource
        {
            Id = "a",
            Name = "A",
            Kind = SourceKind.Monitor,
            HeaderName = "X-Token",
            AppKey = "app",
            TitleTemplate = "{host}",
            SilentAfterHours = 3,
            OneTime = true,
            Format = "bigpanda",
            Flatten = true,
            OkAfterHours = 5,
            CreatedAt = DateTimeOffset.UnixEpoch.AddTicks(1),
            Tokens = [token],
        };
        var written = JsonDocument.Parse(StoredSource.Write(source)).RootElement;

        Assert.All(
            written.EnumerateObject().Where(member => member.Name != nameof(AlertSource.Kind)),
            member => Assert.False(member.Value.ValueKind is JsonValueKind.Null or JsonValueKind.False, $"Set {member.Name} in this test."));
        Assert.Equal(StoredSource.Write(source), StoredSource.Read(StoredSource.Write(source)) is { } read ? StoredSource.Write(read) : null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"Id":"x","Name":"x","Kind":"unheard","CreatedAt":"2026-11-01T10:00:00+00:00","Tokens":[]}""")]
    [InlineData("""{"Id":"x","Name":"x","Kind":7,"CreatedAt":"2026-11-01T10:00:00+00:00","Tokens":[]}""")]
    [InlineData("""{"Id":null,"Name":"x","CreatedAt":"2026-11-01T10:00:00+00:00","Tokens":[]}""")]
    [InlineData("""{"Id":"x","Name":"x","CreatedAt":"2026-11-01T10:00:00+00:00","Tokens":null}""")]
    public async Task A_row_that_holds_no_source_does_not_take_the_others_with_it(string? damaged)
    {
        var catalog = await ReadAsync(damaged, $$"""{"Id":"good","Name":"Good","CreatedAt":"2026-11-01T10:00:00+00:00","Tokens":[{{Token}}]}""");

        Assert.Equal(["good"], catalog.Entries.Select(entry => entry.Source.Id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"LastDeliveryAt":null,"TokensLastUsedAt":null,"Recent":null}""")]
    public async Task Unreadable_counts_start_again_at_zero(string? damaged)
    {
        var table = Catalogs.Table(
            [new TableEntity("usage", "main") { ["SourceId"] = "main", ["Usage"] = damaged }, new TableEntity("usage", "other") { ["Usage"] = damaged }]);
        var tables = new Mock<TableServiceClient>();
        tables.Setup(known => known.GetTableClient(TableNames.Sources)).Returns(table.Object);

        var (id, usage) = Assert.Single(await new SourceUsageStore(tables.Object).ListAsync(CancellationToken.None));

        var counted = usage.With(new TrafficSample(1, 2, null, new Dictionary<string, DateTimeOffset>()), Deliveries.Start);
        Assert.Equal(("main", 1, 2), (id, counted.Deliveries(Deliveries.Start), counted.Rejections(Deliveries.Start)));
    }

    private static async Task<SourceCatalog> ReadAsync(params string?[] rows)
    {
        var table = Catalogs.Table([.. rows.Select((json, i) => new TableEntity("source", $"{i}") { ["Source"] = json })]);
        var catalog = Catalogs.Over(table.Object);
        Assert.True(await catalog.RefreshAsync(CancellationToken.None));
        return catalog;
    }
}
