using System.Text.Json;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit.Abstractions;
using static BigPanda.Functions.Tests.Support.Deliveries;

namespace BigPanda.Functions.Tests.Alerts.Api;

/// <summary>A day of ten people with the console open, who ask as the page does: what it costs, and how soon they see what happens.</summary>
public sealed class WatchingTests : IDisposable
{
    private const int People = 10;
    private const int IncidentsADay = 250;
    private const int HalfSecondsAnHour = 2 * 3600;

    private readonly CancellationToken _none = CancellationToken.None;
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryTables _tables;
    private readonly AlertStore _store;
    private readonly AlertIndex _index;
    private readonly RecentEvents _events;
    private readonly AlertRowCache _cache;
    private readonly List<double> _lateBy = [];

    /// <summary>Applied, and not seen yet: the alert's last update, and when.</summary>
    private readonly Dictionary<string, (DateTime UpdatedAt, DateTimeOffset At)> _unseen = [];
    private AlertRowDocument? _seen;
    private int _webhookRequests;
    private int _readRequests;

    private readonly ITestOutputHelper _output;

    public WatchingTests(ITestOutputHelper output)
    {
        _output = output;
        _tables = new MemoryTables(_time);
        (_store, _index, _events) = (new AlertStore(_tables), new AlertIndex(_tables), new RecentEvents(_time));
        _cache = new AlertRowCache(new ListRowReader(_tables, _store, _time), _events, _time);
    }

    public void Dispose() => _cache.Dispose();

    /// <summary>By the local host, where all is in one process; by other instances, as in a Flex Consumption plan; and where none of it is here.</summary>
    [Theory]
    [InlineData(true, true, 6)]
    [InlineData(true, false, 66)]
    [InlineData(false, false, 66)]
    public Task Ten_people_cost_fewer_table_requests_than_a_thousand_webhooks_a_day(bool isSentHere, bool isAppliedHere, int latest) =>
        WatchAsync(6, isSentHere, isAppliedHere, latest);

    [LongTheory]
    [InlineData(true, true, 6)]
    [InlineData(true, false, 66)]
    [InlineData(false, false, 66)]
    public Task The_same_for_a_whole_day(bool isSentHere, bool isAppliedHere, int latest) => WatchAsync(24, isSentHere, isAppliedHere, latest);

    private async Task WatchAsync(int hours, bool isSentHere, bool isAppliedHere, int latest)
    {
        var ticks = hours * HalfSecondsAnHour;
        var work = Plan(ticks, new Random(7), isSentHere, isAppliedHere);
        var asks = Enumerable.Range(0, People).Select(person => Start.AddSeconds(0.5 * person)).ToArray();
        for (var tick = 0; tick < ticks; tick++, _time.Advance(TimeSpan.FromSeconds(0.5)))
        {
            while (work.TryPeek(out var next, out var at) && at <= tick)
            {
                work.Dequeue();
                await next();
            }

            for (var person = 0; person < People; person++)
            {
                if (asks[person] <= _time.GetUtcNow()) asks[person] = _time.GetUtcNow() + await AskAsync() + TimeSpan.FromSeconds(0.15);
            }
        }

        _output.WriteLine($"Read {_readRequests}, webhooks {_webhookRequests}; seen after {_lateBy.Average():0.0} s, {_lateBy.Max()} s at most");
        Assert.InRange(_readRequests, hours * 60, _webhookRequests);
        Assert.InRange(_lateBy.Max(), 0, latest);
        // What this instance has received is usually seen at once, although another one applies it.
        if (isSentHere) Assert.InRange(_lateBy.Order().ElementAt(_lateBy.Count * 9 / 10), 0, 6);
    }

    /// <summary>The work by half seconds: an incident opens, changes twice and closes, in the course of an hour.</summary>
    private PriorityQueue<Func<Task>, int> Plan(int ticks, Random random, bool isSentHere, bool isAppliedHere)
    {
        var work = new PriorityQueue<Func<Task>, int>();
        for (var i = 0; i < IncidentsADay * ticks / HalfSecondsAnHour / 24; i++)
        {
            var (id, begins) = ($"incident-{i}", random.Next(ticks - HalfSecondsAnHour));
            var times = new[] { 0, random.Next(1, HalfSecondsAnHour), random.Next(1, HalfSecondsAnHour), HalfSecondsAnHour }.Order().ToArray();
            for (var step = 0; step < times.Length; step++)
            {
                var reported = step switch { 0 => New(times[0]), 3 => Closed(times[3] + 1), _ => Updated(times[step] + step) };
                // Mostly within a second; now and then the instance that applies it must start.
                var applied = begins + times[step] + (random.Next(10) == 0 ? 16 : 2);
                work.Enqueue(() => SendAsync(isSentHere), begins + times[step]);
                work.Enqueue(() => ApplyAsync(id, reported, isAppliedHere), applied);
            }
        }

        return work;
    }

    private Task SendAsync(bool isHere)
    {
        if (isHere) _events.NoteSent(Queues.AlertEvents, new ServiceBusMessage());
        return Task.CompletedTask;
    }

    private async Task ApplyAsync(string id, IncidentReported reported, bool isHere)
    {
        _tables.Requests = 0;
        var named = reported with { Incident = reported.Incident with { Id = id }, IncidentId = id, MessageId = $"{id} {reported.MessageId}" };
        var loaded = await _store.LoadAsync(id, _none);
        var decision = AlertLifecycle.Decide(loaded?.Alert, named, _time.GetUtcNow());
        await _store.SaveAsync(loaded, decision, [], null, _none);
        await _index.WriteAsync(decision.Alert, null, _none);
        await _index.RemoveOldAsync(loaded?.Alert, decision.Alert, _none);
        _webhookRequests += _tables.Requests;
        if (isHere) _events.NoteApplied(decision.Alert.IsFiring);
        _unseen[id] = (decision.Alert.UpdatedAt.UtcDateTime, _time.GetUtcNow());
    }

    /// <returns>When the person asks again.</returns>
    private async Task<TimeSpan> AskAsync()
    {
        _tables.Requests = 0;
        var (document, _, nextIn) = await _cache.GetAsync(_none);
        _readRequests += _tables.Requests;
        if (document != _seen) See(document);
        _seen = document;
        return nextIn;
    }

    private void See(AlertRowDocument document)
    {
        var rows = JsonElement.Parse(document.In(null).Span).GetProperty("items").EnumerateArray().ToDictionary(
            row => row.GetProperty("incidentId").GetString() ?? "", row => row.GetProperty("updatedAt").GetDateTime());
        foreach (var (id, (updatedAt, at)) in _unseen.Where(one => rows.TryGetValue(one.Key, out var shown) && shown >= one.Value.UpdatedAt).ToList())
        {
            _lateBy.Add((_time.GetUtcNow() - at).TotalSeconds);
            _unseen.Remove(id);
        }
    }
}
