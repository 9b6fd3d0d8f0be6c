using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;

namespace BigPanda.Functions.Monitors.Parking;

/// <summary>Says for which sources alerts wait, and why.</summary>
public sealed class RelayNotices(SourceCatalog catalog, ParkedAlertStore parked)
{
    internal async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        await catalog.EnsureLoadedAsync(cancellationToken);
        var monitors = catalog.IdsOf(SourceKind.Monitor);
        return [.. (await Task.WhenAll(monitors.Select(monitor => FindAsync(monitor, cancellationToken)))).OfType<string>()];
    }

    private async Task<string?> FindAsync(string sourceId, CancellationToken cancellationToken)
    {
        if (await parked.FindHoldAsync(sourceId, cancellationToken) is not { } hold) return null;
        var waiting = await parked.CountAsync(sourceId, cancellationToken);
        if (waiting.Alerts == 0 && hold.Refused is null) return null;
        var alerts = $"Source {sourceId}: alerts that wait for BigPanda: {waiting}";
        return hold.Refused is null
            ? $"{alerts}. They are sent in order, within Monitors__AlertsPerMinute{(hold.Reason is null ? "" : $": {hold.Reason}")}."
            : $"{alerts} ({hold.Reason}). Store valid keys with PUT /monitors/{sourceId}/connection; the alerts are then sent.";
    }
}
