using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Replay;
using BigPanda.Functions.Messaging.Settling;

namespace BigPanda.Functions.Actions;

/// <summary>Actions that were dead-lettered. One whose alert has moved on is dropped, with the reason; another begins its schedule again.</summary>
internal sealed class ActionDeadLetters(IActionTarget target, AlertPolicy policy) : IDeadLetterReader
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
}
