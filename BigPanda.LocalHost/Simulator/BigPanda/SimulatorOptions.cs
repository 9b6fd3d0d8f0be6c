namespace BigPanda.LocalHost.Simulator.BigPanda;

internal sealed record SimulatorOptions
{
    /// <summary>0: any free port; see <see cref="BigPandaSimulator.Url"/>.</summary>
    public required int Port { get; init; }

    public required string ApiKey { get; init; }

    /// <summary>May be set later, because the app that the simulator serves creates the webhook's token.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>How long after a resolve's 202 the incident closes and its webhook is sent. Default 500 ms.</summary>
    public TimeSpan CloseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Default 5, BigPanda's lowest published limit per token. 0: no limit.</summary>
    public int RequestsPerSecond { get; init; } = 5;

    /// <summary>Of the Alerts API. Default 300: BigPanda's documentation speaks of a few hundred. 0: no limit.</summary>
    public int AlertsPerMinute { get; init; } = 300;

    /// <summary>BigPanda's dataset option of the same name: send comments as webhooks too. Default off, as for plain webhooks.</summary>
    public bool SendComments { get; init; }
}
