namespace BigPanda.LocalHost.Simulator.PagerDuty;

internal sealed record PagerDutySimulatorOptions
{
    public required string RestKey { get; init; }

    /// <summary>The login of the user whom the REST key's calls name in From.</summary>
    public required string From { get; init; }

    /// <summary>Default 120: PagerDuty's limit of a routing key. 0: no limit.</summary>
    public int EventsPerMinute { get; init; } = 120;

    /// <summary>Default 960: PagerDuty's limit of a key. 0: no limit.</summary>
    public int RestCallsPerMinute { get; init; } = 960;

    /// <summary>How long the search by key lags behind an event. Default 500 ms.</summary>
    public TimeSpan SearchLag { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The delay before the first retry of a webhook. PagerDuty publishes none; default 2 s.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(2);
}
