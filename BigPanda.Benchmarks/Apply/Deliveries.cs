using BigPanda.Benchmarks.Support;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Benchmarks.Apply;

/// <summary>Enqueues events, as intake does.</summary>
internal static class Deliveries
{
    public const string SourceId = "bench";

    public static string[] NewIncidents(int count) => [.. Enumerable.Range(0, count).Select(_ => Sample.NextId())];

    public static Task EnqueueAsync(ApplyBench bench, IEnumerable<string> incidents, int perIncident, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(incidents, cancellationToken, async (incident, stop) =>
        {
            var bodies = bench.Services.GetRequiredService<MessageBodies>();
            var sender = bench.Services.GetRequiredService<MessageSender>();
            for (var i = 0; i < perIncident; i++)
            {
                var body = Sample.Of(incident, i);
                var message = DeliveryMessages.Of(incident, MessageIdentity.OfDelivery(SourceId, body, out _), SourceId, Now());
                await bodies.PackAsync(message, body, null, stop);
                await sender.SendAsync(Queues.AlertEvents, message, stop);
            }
        });

    public static Task EnqueueResolvesAsync(ApplyBench bench, IEnumerable<string> incidents, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(incidents, cancellationToken, async (incident, stop) =>
        {
            var alert = await bench.Services.GetRequiredService<AlertStore>().LoadAsync(incident, stop)
                ?? throw new InvalidOperationException("There is no alert to resolve.");
            var request = new ResolveRequested(
                incident, alert.Alert.ContentStamp, ResolvedVia.Api, "bench", "Fixed", Now(), MessageIdentity.Of("resolve", incident));
            await bench.Services.GetRequiredService<MessageSender>().SendAsync(Queues.AlertEvents, AlertEventMessages.Of(request), stop);
        });

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
