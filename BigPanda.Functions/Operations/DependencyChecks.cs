using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Outbound;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Vendors.BigPanda.Api;
using BigPanda.Functions.Vendors.PagerDuty.Connection;

namespace BigPanda.Functions.Operations;

/// <summary>Checks each dependency with the cheapest call that proves it works.</summary>
public sealed class DependencyChecks(
    TableServiceClient tables, ServiceBusClient bus, BigPandaClient bigPanda, PagerDutyReadiness pagerDuty, ParkedActions parked, AppMetrics metrics,
    TimeProvider time)
{
    /// <summary>Longer than the default timeout of a BigPanda call. Without it a dependency that hangs would take all its client's retries.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>One page of the table.</summary>
    private const int MostParked = 1000;

    internal async Task<IReadOnlyList<DependencyState>> RunAsync(CancellationToken cancellationToken)
    {
        var states = await Task.WhenAll(
            CheckAsync("tableStorage", TablesAsync, cancellationToken),
            CheckAsync("serviceBus", QueuesAsync, cancellationToken),
            CheckAsync("bigPanda", BigPandaAsync, cancellationToken),
            CheckAsync("pagerDuty", pagerDuty.CheckAsync, cancellationToken));
        return [.. states.OfType<DependencyState>()];
    }

    /// <param name="check">Returns null for a destination that is not connected.</param>
    private async Task<DependencyState?> CheckAsync(string name, Func<CancellationToken, Task<(bool, string)?>> check, CancellationToken cancellationToken)
    {
        var state = await TryCheckAsync(name, check, cancellationToken);
        if (state is not null) metrics.RecordReady(name, state.Healthy);
        return state;
    }

    private async Task<DependencyState?> TryCheckAsync(
        string name, Func<CancellationToken, Task<(bool IsHealthy, string Detail)?>> check, CancellationToken cancellationToken)
    {
        try
        {
            var found = await check(cancellationToken).WaitAsync(Timeout, time, cancellationToken);
            return found is { } state ? new DependencyState(name, state.IsHealthy, state.Detail) : null;
        }
        catch (CredentialUnreadableException e)
        {
            return new DependencyState(name, false, e.Message);
        }
        catch (TimeoutException)
        {
            return new DependencyState(name, false, $"no response within {Timeout.TotalSeconds:0} seconds");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && (StorageError.IsOutageOrRefusal(e) || MessageSender.IsOutage(e)))
        {
            return new DependencyState(name, false, $"unavailable ({e.GetType().Name})");
        }
    }

    private async Task<(bool, string)?> TablesAsync(CancellationToken cancellationToken)
    {
        var waiting = await parked.CountAsync(MostParked, cancellationToken);
        metrics.RecordParked(waiting);
        await tables.GetTableClient(TableNames.Alerts).GetEntityIfExistsAsync<TableEntity>("-", "-", cancellationToken: cancellationToken);
        return (true, waiting == 0 ? "available" : $"available; parked actions: {(waiting == MostParked ? $"{MostParked} or more" : waiting)}");
    }

    /// <summary>A dead-letter queue has no sessions, so it can be peeked without receiving a message.</summary>
    private async Task<(bool, string)?> QueuesAsync(CancellationToken cancellationToken)
    {
        var dead = 0;
        foreach (var queue in Queues.All)
        {
            await using var receiver = bus.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
            var letters = (await receiver.PeekMessagesAsync(100, cancellationToken: cancellationToken)).Count;
            metrics.RecordDeadLetters(queue, letters);
            dead += letters;
        }

        return (true, dead == 0 ? "available; no dead letters" : $"available; {(dead >= 100 ? "100 or more" : dead)} dead letters");
    }

    private async Task<(bool, string)?> BigPandaAsync(CancellationToken cancellationToken)
    {
        var outcome = await bigPanda.GetLatestAsync(cancellationToken);
        return outcome.Result switch
        {
            ApiResult.Done => (true, "accepts the API key"),
            ApiResult.NotFound => (false, $"returned 404: the API key belongs to another region ({outcome.Detail})"),
            ApiResult.NotAllowed when outcome.Status == 403 => (false, $"the API key's role may not read environments ({outcome.Detail})"),
            ApiResult.NotAllowed => (false, outcome.Status is null ? outcome.Detail : $"rejected the API key ({outcome.Detail})"),
            _ => (false, outcome.Detail),
        };
    }
}
