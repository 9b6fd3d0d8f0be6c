using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.Content;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Benchmarks.Support;

internal static class Events
{
    private const string Source = "bench";

    /// <summary>The delivery of a body, with the incident's change moved later by some seconds.</summary>
    public static IncidentReported Reported(ReadOnlySpan<byte> body, string messageId, int secondsLater)
    {
        var incident = IncidentReader.Read(body);
        var changed = incident.ChangedOn?.AddSeconds(secondsLater);
        return new IncidentReported(
            incident with { ChangedOn = changed, UpdatedOn = changed, Events = [new IncidentEvent(IncidentEvents.Updated, changed)] },
            Source, DateTimeOffset.UnixEpoch.AddYears(55), (ulong)secondsLater, messageId);
    }
}
