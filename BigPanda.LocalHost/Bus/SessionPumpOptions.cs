namespace BigPanda.LocalHost.Bus;

/// <summary>The settings of host.json's <c>extensions.serviceBus</c> that apply to a session trigger.</summary>
internal sealed record SessionPumpOptions
{
    public int MaxConcurrentSessions { get; init; } = 8;

    public TimeSpan SessionIdleTimeout { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan MaxAutoLockRenewalDuration { get; init; } = TimeSpan.FromMinutes(5);

    public bool AutoCompleteMessages { get; init; }

    /// <summary>How long handlers may run after the stop before their token is cancelled.</summary>
    public TimeSpan StopGracePeriod { get; init; } = TimeSpan.FromSeconds(10);
}
