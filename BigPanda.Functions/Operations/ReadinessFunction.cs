using System.Text.Json.Serialization;
using BigPanda.Functions.Http;
using BigPanda.Functions.Messaging;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Operations;

/// <summary><c>GET /health/ready</c>: the state of each dependency, and notices for the operator; 503 when a dependency is unavailable.</summary>
public sealed class ReadinessFunction(DependencyChecks checks, Notices notices, QueueBacklogs queues)
{
    [Function("Ready")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken)
    {
        // Started before the checks: a dependency that hangs delays the response only once.
        var (listing, backlogs) = (notices.ListAsync(cancellationToken), queues.ReadAsync(cancellationToken));
        var dependencies = await checks.RunAsync(cancellationToken);
        var ready = dependencies.All(dependency => dependency.Healthy);
        return JsonResponse.Of(
            new ReadinessView(ready ? "ready" : "degraded", dependencies, await listing, [.. (await backlogs).Select(QueueView.Of)]),
            ReadinessJson.Default.ReadinessView,
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <param name="Notices">Texts for the operator; they do not affect the status.</param>
/// <param name="Queues">What waits in them, at most half a minute old.</param>
internal sealed record ReadinessView(
    string Status, IReadOnlyList<DependencyState> Dependencies, IReadOnlyList<string> Notices, IReadOnlyList<QueueView> Queues);

/// <param name="IsMore">Only the first 200 messages were counted.</param>
internal sealed record QueueView(string Name, int Waiting, int Scheduled, bool IsMore, DateTime? OldestAt, string? Problem)
{
    public static QueueView Of(QueueBacklog backlog) => new(
        backlog.Queue, backlog.Waiting, backlog.Scheduled, backlog.IsMore, backlog.OldestAt?.UtcDateTime, backlog.Problem);
}

internal sealed record DependencyState(string Name, bool Healthy, string Detail);

[JsonSerializable(typeof(ReadinessView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ReadinessJson : JsonSerializerContext;
