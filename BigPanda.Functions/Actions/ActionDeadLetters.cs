using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Actions;

/// <summary>Actions that were dead-lettered. One whose alert has moved on is dropped, with the reason; another begins its schedule again.</summary>
internal sealed class ActionDeadLetters(IActionTarget target, AlertPolicy policy, ActionReports reports, TimeProvider time) : IDeadLetterReader
{
    public string Queue => Queues.Of(target.Destination);

    public string ReadKind(Delivery letter, ReadOnlyMemory<byte> body) => ActionMessages.Read(letter.Message).Kind;

    public async Task<ReplayForecast> ForecastAsync(Delivery letter, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var delivery = ActionDelivery.Of(letter, cancellationToken);
        if (await target.FindObjectionAsync(delivery, cancellationToken) is { } objection) return new ReplayForecast.Drop(objection);
        var what = delivery.IsVerification ? $"the verification of the {delivery.Action.Kind}" : $"the {delivery.Action.Kind}";
        return new ReplayForecast.Send(policy.ModeOf(target.Destination) == DestinationMode.On || delivery.IsVerification
            ? $"{what} is tried again in {target.Name}, on the whole schedule"
            : $"{what} is parked, because the mode of {target.Name} is not on");
    }

    /// <summary>
    /// The report is placed right behind the one of the failure, however often it is sent and whatever this instance's clock shows; the attempts that follow
    /// have higher numbers.
    /// </summary>
    public Task AnnounceAsync(Delivery letter, string actor, CancellationToken cancellationToken)
    {
        var at = (letter.Time(MessageProperties.DeadLetteredAt) ?? time.GetUtcNow()) + ActionReports.Next;
        var report = ActionReports.Of(ActionDelivery.Of(letter, cancellationToken), ActionResult.Released, $"{actor} tries it again", at);
        return reports.SendAsync(report with { Actor = actor }, cancellationToken);
    }
}
