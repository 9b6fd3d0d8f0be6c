namespace BigPanda.Functions.Sources.Traffic;

/// <summary>A monitor's alerts that were sent to BigPanda, or were not because they repeat what it has accepted.</summary>
internal sealed record AlertCounts
{
    public static AlertCounts None { get; } = new();

    public int All { get; init; }

    /// <summary>Equal to the one before.</summary>
    public int Repeats { get; init; }

    /// <summary>With which the monitor resolves. Those of the bridge do not count.</summary>
    public int Oks { get; init; }

    /// <summary>Neither repeats nor oks.</summary>
    public int Fired { get; init; }

    /// <summary>Of those fired: those that the bridge does not resolve.</summary>
    public int Unresolved { get; init; }

    /// <summary>Of those fired. Rows of earlier versions have <c>WithoutRunbook</c>, which counts repeats too and is not read.</summary>
    public int FiredWithoutRunbook { get; init; }

    /// <summary>Sent within an hour of their arrival: only these tell how many the monitor sends in an hour.</summary>
    public int OnTime { get; init; }

    public AlertCounts Plus(AlertCounts other) => new()
    {
        All = All + other.All,
        Repeats = Repeats + other.Repeats,
        Oks = Oks + other.Oks,
        Fired = Fired + other.Fired,
        Unresolved = Unresolved + other.Unresolved,
        FiredWithoutRunbook = FiredWithoutRunbook + other.FiredWithoutRunbook,
        OnTime = OnTime + other.OnTime,
    };
}
