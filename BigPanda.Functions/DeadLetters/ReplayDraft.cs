using System.Globalization;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.DeadLetters;

/// <summary>A replay's report while it is made: an item for each dead letter, and where a replay of all goes on.</summary>
internal sealed class ReplayDraft(ReplayRequest request)
{
    internal const int MaxItems = ReplayRequest.MaxIds;

    private readonly SortedDictionary<long, ReplayItem> _items = [];
    private bool _hasMore;

    /// <summary>Why nothing more is done; null while it is.</summary>
    public string? Outage { get; set; }

    /// <summary>A dead letter was sent or dropped.</summary>
    public bool HasChanged => _items.Values.Any(item => item.Outcome is ReplayOutcomes.Sent or ReplayOutcomes.Dropped);

    /// <summary>The first of them, as many as a call deals with.</summary>
    public async IAsyncEnumerable<Delivery> Limit(IAsyncEnumerable<Delivery> letters)
    {
        var count = 0;
        await foreach (var letter in letters)
        {
            _hasMore = count == MaxItems;
            if (_hasMore) yield break;
            count++;
            yield return letter;
        }
    }

    public void Add(Delivery letter, string outcome, string detail)
    {
        var number = letter.Message.SequenceNumber;
        _items[number] = new ReplayItem(
            Text(number), outcome, detail, letter.Identity, DeadLetterReading.IncidentOf(request.Queue, letter),
            outcome is ReplayOutcomes.Sent or ReplayOutcomes.WouldSend ? ReplayCopy.IdOf(request.Queue, letter) : null);
    }

    public void Add(long number, string outcome, string detail) => _items[number] = new ReplayItem(Text(number), outcome, detail);

    public ReplayReport Finish()
    {
        foreach (var id in request.Ids ?? [])
        {
            if (!_items.ContainsKey(id))
                Add(id, ReplayOutcomes.NotFound, "no dead letter of the queue has this id: it was replayed or deleted, or is of another queue");
        }

        var counts = _items.Values.CountBy(item => item.Outcome).ToDictionary();
        return new ReplayReport(request.Queue, request.DryRun, counts, [.. _items.Values], request.Ids is null ? Next()?.ToString() : null);
    }

    /// <summary>After the last one dealt with before the first one that is left. A locked one is: who holds it may not deal with it.</summary>
    private ReplayPosition? Next()
    {
        var done = _items.TakeWhile(item => !IsLeft(item.Value)).Select(item => item.Key).LastOrDefault(request.Position.After);
        return _hasMore || _items.Values.Any(IsLeft) ? request.Position with { After = done } : null;
    }

    private static bool IsLeft(ReplayItem item) => item.Outcome is ReplayOutcomes.NotReached or ReplayOutcomes.Locked;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
