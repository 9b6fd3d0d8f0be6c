using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Storage;

namespace BigPanda.Functions.Messaging.Settling;

/// <summary>
/// Waits for an outage to end within one delivery. The session stays locked; the only broker call is the lock renewal every five minutes.
/// </summary>
internal sealed class OutageWait(BrokerGate gate, TimeProvider time)
{
    /// <summary>
    /// A hanging attempt adds half a minute and so does settling: together less than host.json's functionTimeout and than the ten minutes
    /// after which Service Bus detaches an idle link.
    /// Source: learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot.
    /// </summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(8.5);

    private readonly DateTimeOffset _deadline = time.GetUtcNow() + MaxWait;
    private int _failures;

    public static bool IsOutage(Exception e) => StorageError.IsOutage(e) || MessageSender.IsOutage(e);

    /// <summary>Waits until the next attempt is due. False when that is too late for this delivery.</summary>
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
