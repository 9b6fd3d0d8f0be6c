using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Api;

/// <summary>The rows of the console's list: what is in them, and how seldom the tables are read for them.</summary>
public sealed class AlertRowCacheTests : IDisposable
{
    private readonly CancellationToken _none = CancellationToken.None;
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryTables _tables;
    private readonly AlertStore _store;
    private readonly AlertIndex _index;
    private readonly RecentEvents _events;
    private readonly AlertRowCache _cache;

    public AlertRowCacheTests()
    {
        _tables = new MemoryTables(_time);
        (_store, _index) = (new AlertStore(_tables), new AlertIndex(_tables));
        _events = new RecentEvents(_time);
        _cache = new AlertRowCache(new ListRowReader(_tables, _store, _time), _events, _time);
    }

    public void Dispose() => _cache.Dispose();

    [Fact]
    public async Task Firing_alerts_come_first_then_resolved_ones_each_last_fired_first()
    {
        await ApplyAsync("a", New(10));
        await ApplyAsync("b", New(20));
        await ApplyAsync("c", New(30));
        await ApplyAsync("d", New(25));
        await ApplyAsync("c", Closed(40));
        await ApplyAsync("d", Closed(40));

        Assert.Equal(["b firing", "a firing", "c resolved", "d resolved"], await ListAsync());
    }

    [Fact]
    public async Task A_row_says_what_the_alert_says()
    {
        await ApplyAsync("a", New(10));

        var row = Assert.Single(JsonElement.Parse((await _cache.GetAsync(_none)).Document.In(null).Span).GetProperty("items").EnumerateArray());
        var stored = await _store.LoadAsync("a", _none) ?? throw new InvalidOperationException("There is no alert.");
        var alert = JsonSerializer.SerializeToElement(AlertView.Of(AlertSummary.Of(stored.Alert)), AlertViewJson.Default.AlertView);
        Assert.Equal("a", row.GetProperty("incidentId").GetString());
        Assert.True(row.EnumerateObject().Count() >= 8, row.GetRawText());
        Assert.Equal(1, row.GetProperty("events").GetInt32());
        Assert.Equal(alert.GetProperty("environment").GetProperty("name").GetString(), row.GetProperty("environment").GetString());
        Assert.All(
            row.EnumerateObject().Where(member => member.Name is not ("environment" or "events")),
            member => Assert.Equal(alert.GetProperty(member.Name).GetRawText(), member.Value.GetRawText()));
    }

    [Fact]
    public async Task Ten_people_who_ask_every_second_for_an_hour_without_events_read_the_tables_once_a_minute()
    {
        await ApplyAsync("a", New(10));
        _tables.Requests = 0;

        for (var second = 0; second < 3600; second++, _time.Advance(TimeSpan.FromSeconds(1)))
        {
            for (var person = 0; person < 10; person++) await _cache.GetAsync(_none);
        }

        // One of the firing alerts every minute, one of the resolved ones every two.
        Assert.Equal(60 + 30, _tables.Requests);
    }

    [Fact]
    public async Task Ten_people_who_ask_at_once_wait_for_one_read()
    {
        _tables.Requests = 0;

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _cache.GetAsync(_none)));

        Assert.Equal(2, _tables.Requests);
        Assert.All(answers, answer => Assert.Same(answers[0].Document, answer.Document));
    }

    /// <summary>Nothing in the firing rows shows that it was there.</summary>
    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 180)]
    public async Task An_alert_that_fired_and_was_resolved_between_two_reads_is_shown(bool isAppliedHere, int afterSeconds)
    {
        await ListAsync();
        await ApplyAsync("other", New(10));
        await ApplyAsync("short", New(10));
        await ApplyAsync("short", Closed(20));
        _events.NoteApplied(isFiring: !isAppliedHere);
        _time.Advance(TimeSpan.FromSeconds(5));

        var shown = Rows((await _cache.GetAsync(_none)).Document);
        for (var second = 5; second < afterSeconds; second += 5)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            shown = Rows((await _cache.GetAsync(_none)).Document);
        }

        Assert.Equal(["other firing", "short resolved"], shown);
    }

    [Fact]
    public async Task Each_answer_says_when_to_ask_again()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), (await _cache.GetAsync(_none)).NextIn);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(5), (await _cache.GetAsync(_none)).NextIn);
        _events.NoteApplied(isFiring: true);
        Assert.Equal(TimeSpan.FromSeconds(2), (await _cache.GetAsync(_none)).NextIn);
    }

    [Fact]
    public async Task Each_answer_says_when_its_tables_were_read()
    {
        Assert.Equal(Start, (await _cache.GetAsync(_none)).ReadAt);
        _events.NoteApplied(isFiring: true);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Start, (await _cache.GetAsync(_none)).ReadAt);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(At(6), (await _cache.GetAsync(_none)).ReadAt);
    }

    [Fact]
    public async Task The_tag_changes_with_the_content_alone()
    {
        await ApplyAsync("a", New(10));
        var before = (await ReadAsync()).TagOf(ContentCoding.Brotli);
        var unchanged = (await ReadAsync()).TagOf(ContentCoding.Brotli);
        await ApplyAsync("a", Closed(20));
        var after = (await ReadAsync()).TagOf(ContentCoding.Brotli);

        Assert.Equal(before, unchanged);
        Assert.NotEqual(before, after);
        Assert.NotEqual(after, (await ReadAsync()).TagOf(null));
    }

    [Fact]
    public async Task Every_coding_has_the_same_content()
    {
        await ApplyAsync("a", New(10));
        var document = await ReadAsync();

        Assert.Equal(Text(document), Text(document, ContentCoding.Brotli));
        Assert.Equal(Text(document), Text(document, ContentCoding.Gzip));
    }

    [Fact]
    public async Task An_alert_that_is_in_both_tables_for_a_moment_is_shown_once_as_it_is_now()
    {
        await ApplyAsync("a", New(10));
        await ApplyAsync("a", Closed(20), isRemoved: false);

        Assert.Equal(["a resolved"], await ListAsync());
    }

    [Fact]
    public async Task A_row_of_an_earlier_version_is_shown_from_its_alert()
    {
        await ApplyAsync("a", New(10));
        var table = _tables.GetTableClient(TableNames.FiringAlerts);
        var row = await table.FindAsync("a", "firing", _none) ?? throw new InvalidOperationException("There is no row.");
        row.Remove(ListRow.Column);
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace);

        Assert.Equal(["a firing"], await ListAsync());
    }

    /// <summary>More have fired and been resolved since than are read: the alert is known from when it was firing.</summary>
    [Fact]
    public async Task An_old_alert_is_seen_to_be_resolved()
    {
        await ApplyAsync("old", New(1));
        for (var i = 0; i < ListRowReader.MaxResolved; i++)
        {
            await ApplyAsync($"{i}", New(10));
            await ApplyAsync($"{i}", Closed(20));
        }

        Assert.Equal("old firing", (await ListAsync())[0]);
        await ApplyAsync("old", Closed(30));

        Assert.Contains("old resolved", await ListAsync());
        Assert.Contains("old resolved", await ListAsync());
    }

    [Fact]
    public async Task Not_more_firing_alerts_are_shown_than_the_limit_and_the_list_says_so()
    {
        for (var i = 0; i <= ListRowReader.MaxFiring; i++)
            await _index.WriteAsync(AlertLifecycle.Decide(null, Named($"{i}", New(10)), _time.GetUtcNow()).Alert, null, _none);

        var list = JsonElement.Parse((await ReadAsync()).In(null).Span);

        Assert.Equal((ListRowReader.MaxFiring, true), (list.GetProperty("items").GetArrayLength(), list.GetProperty("isCut").GetBoolean()));
    }

    [Fact]
    public async Task An_outage_is_no_empty_list()
    {
        await ReadAsync();
        _tables.IsDown = true;
        _time.Advance(ReadSchedule.Longest);

        await Assert.ThrowsAsync<Azure.RequestFailedException>(() => _cache.GetAsync(_none));

        _tables.IsDown = false;
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Long_and_hostile_texts_are_cut_and_stay_JSON()
    {
        var content = (await AlertAsync()).Content with { Title = "\"</script>\u202e" + new string('x', 5000), Severity = new string('"', 5000) };
        await _index.WriteAsync((await AlertAsync()) with { Content = content }, null, _none);

        Assert.InRange(Text(await ReadAsync()).Length, 1, 2000);
        Assert.Equal(["a firing"], await ListAsync());
    }

    private async Task<Alert> AlertAsync()
    {
        await ApplyAsync("a", New(10));
        return (await _store.LoadAsync("a", _none))?.Alert ?? throw new InvalidOperationException("There is no alert.");
    }

    private async Task<AlertRowDocument> ReadAsync()
    {
        _events.NoteApplied(isFiring: true);
        _time.Advance(ReadSchedule.Shortest);
        return (await _cache.GetAsync(_none)).Document;
    }

    private async Task<string[]> ListAsync() => Rows(await ReadAsync());

    private static string[] Rows(AlertRowDocument document) =>
    [
        .. JsonElement.Parse(document.In(null).Span).GetProperty("items").EnumerateArray()
            .Select(row => $"{row.GetProperty("incidentId").GetString()} {row.GetProperty("status").GetString()}"),
    ];

    private static string Text(AlertRowDocument document, string? coding = null)
    {
        using var bytes = new MemoryStream(document.In(coding).ToArray());
        using Stream content = coding switch
        {
            ContentCoding.Brotli => new BrotliStream(bytes, CompressionMode.Decompress),
            ContentCoding.Gzip => new GZipStream(bytes, CompressionMode.Decompress),
            _ => bytes,
        };
        return new StreamReader(content, Encoding.UTF8).ReadToEnd();
    }

    private async Task ApplyAsync(string id, IncidentReported reported, bool isRemoved = true)
    {
        var loaded = await _store.LoadAsync(id, _none);
        var decision = AlertLifecycle.Decide(loaded?.Alert, Named(id, reported), _time.GetUtcNow());
        await _store.SaveAsync(loaded, decision, [], null, _none);
        await _index.WriteAsync(decision.Alert, null, _none);
        if (isRemoved) await _index.RemoveOldAsync(loaded?.Alert, decision.Alert, _none);
    }

    private static IncidentReported Named(string id, IncidentReported reported) =>
        reported with { Incident = reported.Incident with { Id = id }, IncidentId = id };
}
