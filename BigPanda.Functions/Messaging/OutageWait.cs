using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging;

/// <summary>
/// The waiting of one delivery, in place: its session stays locked, which the broker is asked to renew once in five minutes, and nothing
/// else is asked of it. The time is bounded by what the platform allows.
/// </summary>
internal sealed class OutageWait(BrokerGate gate, TimeProvider time)
{
    /// <summary>
    /// A try that hangs takes half a minute more, and settling as much: together less than host.json's functionTimeout, and than the ten
    /// minutes after which Service Bus detaches an idle link.
    /// Source: learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot.
    /// </summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(8.5);

    private readonly DateTimeOffset _deadline = time.GetUtcNow() + MaxWait;
    private int _failures;

    public static bool IsOutage(Exception e) => StorageError.IsOutage(e) || MessageSender.IsOutage(e);

    /// <summary>Until it makes sense to try again. False when that is too late for this delivery.</summary>
    public async Task<bool> WaitAfterAsync(Exception failure, CancellationToken cancellationToken)
    {
        if (failure is ServiceBusException) return await gate.WaitAsync(_deadline, cancellationToken);
        return await DelayAsync(RetrySchedule.Outage.GetDelay(++_failures, null, Random.Shared.NextDouble()), cancellationToken);
    }

    public Task<bool> WaitForBrokerAsync(CancellationToken cancellationToken) => gate.WaitAsync(_deadline, cancellationToken);

    private async Task<bool> DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() + delay > _deadline) return false;
        await Task.Delay(delay, time, cancellationToken);
        return true;
    }
}
