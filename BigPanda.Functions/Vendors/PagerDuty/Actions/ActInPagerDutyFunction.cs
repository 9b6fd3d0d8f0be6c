using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Vendors.PagerDuty.Actions;

/// <summary>Runs the actions in PagerDuty.</summary>
public sealed class ActInPagerDutyFunction(PagerDutyTarget pagerDuty, ActionRunner runner, Settlement settlement)
{
    [Function("ActInPagerDuty")]
    public async Task RunAsync(
        [ServiceBusTrigger(Queues.PagerDutyActions, Connection = Queues.Connection, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken)
    {
        using var activity = MessageTrace.Continue("ActInPagerDuty", message);
        await runner.RunAsync(pagerDuty, work => settlement.RunAsync(Queues.PagerDutyActions, message, actions, work, cancellationToken));
    }
}
