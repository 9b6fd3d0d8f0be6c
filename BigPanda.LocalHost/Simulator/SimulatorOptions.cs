namespace BigPanda.LocalHost.Simulator;

internal sealed record SimulatorOptions
{
    /// <summary>0 takes any free port; <see cref="BigPandaSimulator.Url"/> tells which.</summary>
    public required int Port { get; init; }

    public required string ApiKey { get; init; }

    /// <summary>May be connected later: the webhook's token is made by the app that the simulator is started for.</summary>
    public Uri? WebhookUrl { get; init; }

    public string? WebhookToken { get; init; }

    /// <summary>A resolve is answered 202 at once; the incident closes, and its webhook is sent, this much later. 500 ms.</summary>
    public TimeSpan CloseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>BigPanda's lowest published limit, per token: 5. 0 switches it off.</summary>
    public int RequestsPerSecond { get; init; } = 5;

    /// <summary>BigPanda's dataset option of the same name: comments are sent as webhooks too. Off, as for plain webhooks.</summary>
    public bool SendComments { get; init; }
}
