using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Messaging;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Alerts.Api;

/// <summary>When the list is read again, in seconds since the first read.</summary>
public sealed class ReadScheduleTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly RecentEvents _events;
    private readonly ReadSchedule _schedule;
    private readonly long _start;

    private int Now => (int)_time.GetElapsedTime(_start).TotalSeconds;

    public ReadScheduleTests()
    {
        (_events, _start) = (new RecentEvents(_time), _time.GetTimestamp());
        _schedule = new ReadSchedule(_events, _time);
        Assert.Equal(TimeSpan.Zero, _schedule.Left());
        _schedule.Note(_start, isChanged: true);
    }

    [Fact]
    public void Without_events_once_a_minute()
    {
        Assert.Equal([60, 120, 180], ReadsUntil(200));
        Assert.False(_schedule.IsPrompted);
    }

    [Fact]
    public void At_once_after_an_event_was_applied_here_and_at_most_every_five_seconds()
    {
        At(30, Apply);
        Assert.Equal([30], ReadsUntil(31, 30));
        At(33, Apply);

        Assert.Equal([35, 95], ReadsUntil(100, 35));
    }

    [Fact]
    public void What_was_sent_and_applied_here_is_read_once_although_nothing_has_changed()
    {
        At(30, Send);
        At(31, Apply);

        Assert.Equal([31, 91], ReadsUntil(100));
    }

    [Fact]
    public void Two_seconds_after_an_event_was_sent_to_other_instances()
    {
        At(30, Send);

        Assert.Equal([32, 92], ReadsUntil(100, 32));
    }

    [Fact]
    public void Ever_more_seldom_until_something_has_changed()
    {
        At(30, Send);

        Assert.Equal([32, 37, 47, 107], ReadsUntil(110, 47));
    }

    [Fact]
    public void An_event_that_changes_nothing_ends_after_four_reads()
    {
        At(30, Send);

        Assert.Equal([32, 37, 47, 67, 127], ReadsUntil(130));
    }

    /// <summary>The second event may not be applied yet when the first one's change is read.</summary>
    [Fact]
    public void A_later_event_is_read_for_again()
    {
        At(30, Send);
        Assert.False(TryRead(isChanged: true));
        At(31, Send);

        Assert.Equal([32, 37, 97], ReadsUntil(100, 32, 37));
    }

    [Fact]
    public void A_stream_of_events_is_read_every_five_seconds()
    {
        var reads = new List<int>();
        for (; Now <= 30; _time.Advance(Second))
        {
            Send();
            if (TryRead(isChanged: true)) reads.Add(Now);
        }

        Assert.Equal([5, 10, 15, 20, 25, 30], reads);
    }

    [Fact]
    public void What_is_scheduled_for_later_or_of_another_queue_is_no_event_yet()
    {
        _events.NoteSent(Queues.AlertEvents, new ServiceBusMessage { ScheduledEnqueueTime = _time.GetUtcNow().AddMinutes(15) });
        _events.NoteSent(Queues.BigPandaActions, new ServiceBusMessage());

        Assert.False(_schedule.IsPrompted);
    }

    private void Send() => _events.NoteSent(Queues.AlertEvents, new ServiceBusMessage());

    private void Apply() => _events.NoteApplied(isFiring: true);

    private void At(int second, Action happens)
    {
        _time.Advance(TimeSpan.FromSeconds(second) - _time.GetElapsedTime(_start));
        happens();
        // No read has the same time.
        _time.Advance(TimeSpan.FromTicks(1));
    }

    /// <summary>Asks every second.</summary>
    /// <param name="changes">The reads that find something new.</param>
    private List<int> ReadsUntil(int end, params int[] changes)
    {
        var reads = new List<int>();
        for (; Now <= end; _time.Advance(Second))
        {
            if (TryRead(changes.Contains(Now))) reads.Add(Now);
        }

        return reads;
    }

    private bool TryRead(bool isChanged)
    {
        if (_schedule.Left() > TimeSpan.Zero) return false;
        _schedule.Note(_time.GetTimestamp(), isChanged);
        return true;
    }
}
