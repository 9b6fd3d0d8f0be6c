using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Monitors.Messages;

namespace BigPanda.Functions.Monitors.Relay;

/// <summary>Monitors' alerts that were dead-lettered. One is dropped if BigPanda has accepted a newer one of its identity since.</summary>
internal sealed class MonitorAlertDeadLetters(SentAlerts sent) : IDeadLetterReader
{
    public string Queue => Queues.BigPandaAlerts;

    public string ReadKind(Delivery letter, ReadOnlyMemory<byte> body) => Read(letter).Facts.Status;

    public async Task<ReplayForecast> ForecastAsync(Delivery letter, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (alert, facts) = Read(letter);
        return await sent.FindObjectionAsync(alert with { IsReplay = true }, cancellationToken) is { } objection
            ? new ReplayForecast.Drop(objection)
            : new ReplayForecast.Send($"{facts.Status} of source {alert.SourceId} is sent to BigPanda, behind the alerts that wait");
    }

    private static (RelayedAlert Alert, AlertFacts Facts) Read(Delivery letter)
    {
        var alert = RelayMessages.Read(letter.Message);
        return (alert, AlertFacts.Read(alert.Json));
    }
}
