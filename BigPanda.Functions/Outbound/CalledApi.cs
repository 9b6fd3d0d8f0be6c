namespace BigPanda.Functions.Outbound;

/// <summary>A system that is called. Each has its own credential, rate and call history, registered and stored under its key.</summary>
/// <param name="Name">For people.</param>
/// <param name="WhenKeyIsRejected">Sentences that say what follows a 401 and what to do.</param>
public sealed record CalledApi(string Key, string Name, string WhenKeyIsRejected)
{
    /// <summary>The pause after a 429 that does not say how long. Default 5 seconds: for a limit by the second.</summary>
    public TimeSpan UsualPause { get; init; } = TimeSpan.FromSeconds(5);
}
