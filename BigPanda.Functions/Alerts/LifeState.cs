namespace BigPanda.Functions.Alerts;

/// <summary>An alert's status at one point of its life, and the rules by which a mark moves it on.</summary>
public readonly record struct LifeState
{
    /// <summary>How long a delivery may be under way. BigPanda documents nothing; it sends changes within seconds, and none a second time.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(10);

    /// <summary>Null before the first mark.</summary>
    public AlertStatus? Status { get; init; }

    /// <summary>How often the alert has fired; 1 from its first mark on.</summary>
    public int Episode { get; init; }

    /// <summary>Resolved here, and BigPanda has not yet shown the incident as closed.</summary>
    public bool AwaitsClose { get; init; }

    /// <summary>When, by our clock, BigPanda confirmed the close; null when its own time of the close is known.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    public DateTimeOffset FirstFiredAt { get; init; }
    public DateTimeOffset LastFiredAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public string? ResolvedVia { get; init; }
    public string? ResolvedBy { get; init; }

    public bool IsClosedInBigPanda => Status == AlertStatus.Resolved && !AwaitsClose;

    public LifeState Apply(Mark mark) => mark.Kind switch
    {
        // Until our close has reached it, BigPanda goes on showing the incident as active: only a reopen is news.
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
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark.Kind, "This build does not know the mark: it was stored by a newer one."),
    };

    /// <summary>Both times are ours, so this holds whatever BigPanda's clock shows. An update is not the way a reopen shows; a state may be.</summary>
    private bool MayBeOlderThanTheClose(Stamp delivery) =>
        ConfirmedAt is { } confirmed && delivery.ReceivedAt <= (delivery.Kind == DeliveryKind.State ? confirmed : confirmed + UnderWay);

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
