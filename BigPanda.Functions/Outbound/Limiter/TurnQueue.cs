namespace BigPanda.Functions.Outbound.Limiter;

/// <summary>
/// The calls that wait for a turn: by priority, and within one fairly among those who share the limit, however many calls each has waiting. Start-time
/// fair queueing: a share's next call starts where its last one ended, and one that had nothing to send starts at the present. Within a share calls keep
/// their order.
/// </summary>
internal sealed class TurnQueue
{
    private readonly Level[] _levels = [.. Enum.GetValues<CallPriority>().Select(_ => new Level())];
    private long _arrivals;

    public void Enqueue(TaskCompletionSource<CallTurn> turn, CallPriority priority, string share) =>
        _levels[(int)priority].Add(share, new Call(turn, _arrivals++));

    /// <summary>The priority of the call whose turn is next; null when none waits. Drops calls that were cancelled.</summary>
    public CallPriority? FindNext()
    {
        for (var priority = 0; priority < _levels.Length; priority++)
        {
            if (_levels[priority].FindNext() is not null) return (CallPriority)priority;
        }

        return null;
    }

    /// <summary>Takes the next call of the priority that <see cref="FindNext"/> has returned.</summary>
    /// <returns>Null if it was cancelled since, which happens at any moment, and no other of the priority waits.</returns>
    public TaskCompletionSource<CallTurn>? Dequeue(CallPriority priority) => _levels[(int)priority].Take()?.Turn;

    private readonly record struct Call(TaskCompletionSource<CallTurn> Turn, long Arrival);

    private sealed class Share
    {
        public Queue<Call> Calls { get; } = new();

        /// <summary>The virtual time at which the share's next call starts; a call takes 1.</summary>
        public long Start { get; set; }

        public void DropCancelled()
        {
            while (Calls.TryPeek(out var call) && call.Turn.Task.IsCompleted) Calls.Dequeue();
        }
    }

    private sealed class Level
    {
        private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);

        /// <summary>The start of the call that had the last turn.</summary>
        private long _now;

        public void Add(string name, Call call)
        {
            if (!_shares.TryGetValue(name, out var share)) _shares[name] = share = new Share();
            if (share.Calls.Count == 0) share.Start = Math.Max(share.Start, _now);
            share.Calls.Enqueue(call);
        }

        public Share? FindNext()
        {
            Share? next = null;
            foreach (var (name, share) in _shares)
            {
                share.DropCancelled();
                // A share that is behind would begin at the present anyway.
                if (share.Calls.Count == 0 && share.Start <= _now) _shares.Remove(name);
                else if (share.Calls.Count > 0 && (next is null || IsBefore(share, next))) next = share;
            }

            return next;
        }

        public Call? Take()
        {
            if (FindNext() is not { } share) return null;
            _now = share.Start++;
            return share.Calls.Dequeue();
        }

        private static bool IsBefore(Share share, Share other) =>
            share.Start < other.Start || (share.Start == other.Start && share.Calls.Peek().Arrival < other.Calls.Peek().Arrival);
    }
}
