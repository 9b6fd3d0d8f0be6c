namespace BigPanda.Functions.Alerts.Rules.History;

public enum AlertStatus
{
    Firing = 1,
    Resolved = 2,
}

/// <summary>An alert's status at one point of its life, and the rules by which a mark changes it.</summary>
public readonly record struct LifeState
{
    /// <summary>How late a delivery may arrive. BigPanda documents no limit; it sends changes within seconds and does not retry.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(10);

    /// <summary>Null before the first mark.</summary>
    public AlertStatus? Status { get; init; }

    /// <summary>How often the alert has fired, at least 1 after the first mark.</summary>
    public int Episode { get; init; }

    /// <summary>Resolved here, and BigPanda has not yet shown the incident as closed.</summary>
    public bool AwaitsClose { get; init; }

    /// <summary>When BigPanda confirmed the close, by our clock; null when BigPanda's time of the close is known.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    public DateTimeOffset FirstFiredAt { get; init; }
    public DateTimeOffset LastFiredAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public string? ResolvedVia { get; init; }
    public string? ResolvedBy { get; init; }

    public bool IsClosedInBigPanda => Status == AlertStatus.Resolved && !AwaitsClose;

    public LifeState Apply(Mark mark) => mark.Kind switch
    {
        // Until our close takes effect, BigPanda shows the incident as active: only a reopen fires.
        MarkKind.Active => Status == AlertStatus.Firing || AwaitsClose || MayBeOlderThanTheClose(mark.Stamp) ? this : Fire(mark.At),
        MarkKind.Reopen => Status == AlertStatus.Firing ? this : Fire(mark.At),
        MarkKind.Closed => Status switch
        {
            AlertStatus.Firing => Resolve(mark),
            null => Fire(mark.At).Resolve(mark),
            _ => this with { AwaitsClose = false, ConfirmedAt = null },
        },
        MarkKind.ResolvedHere => Status == AlertStatus.Firing ? Resolve(mark) with { AwaitsClose = true } : this,
        MarkKind.CloseConfirmed => AwaitsClose ? this with { AwaitsClose = false, ConfirmedAt = mark.At } : this,
        MarkKind.Worsened => AwaitsClose ? Fire(mark.At) : this,
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark.Kind, "Unknown mark: a newer version stored it. Deploy that version."),
    };

    /// <summary>
    /// Compares two times of our clock. An update up to ten minutes late does not fire, since a reopen has its own event; without event types
    /// a reopen looks like a state, so a state fires.
    /// </summary>
    private bool MayBeOlderThanTheClose(Stamp delivery) =>
        ConfirmedAt is { } confirmed && delivery.ReceivedAt <= (delivery.Kind == DeliveryKind.State ? confirmed : confirmed + MaxDelay);

    private LifeState Fire(DateTimeOffset at) => new()
    {
        Status = AlertStatus.Firing,
        Episode = Episode + 1,
        FirstFiredAt = Episode == 0 ? at : FirstFiredAt,
        LastFiredAt = at,
    };

    private LifeState Resolve(Mark mark) => this with
    {
        Status = AlertStatus.Resolved,
        ResolvedAt = mark.At,
        ResolvedVia = mark.Via,
        ResolvedBy = mark.Actor,
    };
}
