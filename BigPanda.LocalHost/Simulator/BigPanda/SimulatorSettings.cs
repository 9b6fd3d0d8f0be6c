namespace BigPanda.LocalHost.Simulator.BigPanda;

/// <summary>The settings that can change while the simulator runs; replaced as a whole.</summary>
internal sealed class SimulatorSettings(SimulatorOptions options)
{
    private volatile Values _current = new((int)options.CloseDelay.TotalMilliseconds, options.RequestsPerSecond, options.SendComments, options.AlertsPerMinute);

    public Values Current => _current;

    public TimeSpan CloseDelay => TimeSpan.FromMilliseconds(_current.CloseDelayMs);

    public string? Change(Changes changes)
    {
        var next = new Values(
            changes.CloseDelayMs ?? _current.CloseDelayMs,
            changes.RequestsPerSecond ?? _current.RequestsPerSecond,
            changes.SendComments ?? _current.SendComments,
            changes.AlertsPerMinute ?? _current.AlertsPerMinute);
        if (next.CloseDelayMs is < 0 or > 600_000)
            return "closeDelayMs must be from 0 to 600000.";
        if (next.RequestsPerSecond < 0)
            return "requestsPerSecond must be 0 (no limit) or more.";
        if (next.AlertsPerMinute < 0)
            return "alertsPerMinute must be 0 (no limit) or more.";
        _current = next;
        return null;
    }

    internal sealed record Values(int CloseDelayMs, int RequestsPerSecond, bool SendComments, int AlertsPerMinute);

    internal sealed record Changes(int? CloseDelayMs, int? RequestsPerSecond, bool? SendComments, int? AlertsPerMinute);
}
