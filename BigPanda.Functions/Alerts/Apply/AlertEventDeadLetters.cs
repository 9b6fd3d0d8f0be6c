using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Alerts.Apply;

/// <summary>Alert events that were dead-lettered. A replay passes the rules like any event: an old firing does not open a resolved alert again.</summary>
internal sealed class AlertEventDeadLetters(AlertEventReader reader, AlertStore store, AlertPolicy policy, TimeProvider time) : IDeadLetterReader
{
    public string Queue => Queues.AlertEvents;

    public string ReadKind(Delivery letter, ReadOnlyMemory<byte> body)
    {
        reader.Read(letter.Message, body);
        return letter.Message.Subject;
    }

    public async Task<ReplayForecast> ForecastAsync(Delivery letter, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var evt = reader.Read(letter.Message, body);
        var alert = (await store.LoadAsync(evt.IncidentId, cancellationToken))?.Alert;
        if (alert?.RecentMessages.Contains(evt.MessageId) == true)
            return new ReplayForecast.Send("duplicate: the event was applied; what may be left to do after that is done");
        if (alert is null && evt.IsMootWithoutAlert) return new ReplayForecast.Drop("its alert has been removed");
        try
        {
            var decision = AlertLifecycle.Decide(alert, evt, policy, time.GetUtcNow());
            return new ReplayForecast.Send($"{decision.Verdict.ToString().ToLowerInvariant()}: {decision.Timeline[0].Reason}");
        }
        catch (AlertRuleException e)
        {
            return new ReplayForecast.Keep(e.Message);
        }
    }
}
