using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;

namespace BigPanda.Functions.Vendors.PagerDuty.Correlation;

/// <summary>PagerDuty's events that were dead-lettered. What one causes is an alert event, which passes the rules.</summary>
internal sealed class PagerDutyEventDeadLetters : IDeadLetterReader
{
    public string Queue => Queues.PagerDutyEvents;

    public string ReadKind(Delivery letter, ReadOnlyMemory<byte> body) => PagerDutyEventMessages.Read(letter.Message, body).Event.Type;

    public Task<ReplayForecast> ForecastAsync(Delivery letter, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (evt, _) = PagerDutyEventMessages.Read(letter.Message, body);
        return Task.FromResult<ReplayForecast>(new ReplayForecast.Send(
            $"{evt.Type} of PagerDuty's incident {evt.IncidentId}: its alerts are looked for again, and the rules decide by the event's time"));
    }
}
