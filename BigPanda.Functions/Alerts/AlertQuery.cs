namespace BigPanda.Functions.Alerts;

/// <summary>What to list. Severity and environment (its name or id) match whole, without regard to case.</summary>
internal sealed record AlertQuery
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public AlertStatus? Status { get; init; }
    public string? Severity { get; init; }
    public string? Environment { get; init; }

    /// <summary>Text that the title, id, tags, descriptions or environment contain.</summary>
    public string? Search { get; init; }

    public int Limit { get; init; } = DefaultLimit;

    /// <summary>The sort key of the last alert of the page before.</summary>
    public string? After { get; init; }
}

/// <summary>A page of a listing; <paramref name="Next"/> is null on the last one.</summary>
internal sealed record AlertPage(IReadOnlyList<Alert> Alerts, string? Next);
