using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Messaging.Replay;

/// <summary>What the owner of a queue knows about one of its dead letters. None of it changes the message.</summary>
internal interface IDeadLetterReader
{
    string Queue { get; }

    /// <returns>What kind of message it is, for people.</returns>
    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    string ReadKind(Delivery letter, ReadOnlyMemory<byte> body);

    /// <exception cref="MessageUnreadableException">This build cannot read the message.</exception>
    Task<ReplayForecast> ForecastAsync(Delivery letter, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>Before it is sent again: what it is about learns who wants that. Safe to repeat.</summary>
    Task AnnounceAsync(Delivery letter, string actor, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What a replay of a dead letter would do now.</summary>
/// <param name="Detail">For people: what follows, or why not.</param>
internal abstract record ReplayForecast(string Detail)
{
    /// <summary>It is sent again.</summary>
    internal sealed record Send(string Detail) : ReplayForecast(Detail);

    /// <summary>It is removed and not sent: it is no longer wanted.</summary>
    internal sealed record Drop(string Detail) : ReplayForecast(Detail);

    /// <summary>It stays a dead letter: sent again, it would become one at once.</summary>
    internal sealed record Keep(string Detail) : ReplayForecast(Detail);
}
