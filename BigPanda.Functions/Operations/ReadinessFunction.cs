using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Operations;

/// <summary><c>GET /health/ready</c>: every dependency with what it said; 503 when one is down.</summary>
public sealed class ReadinessFunction(DependencyChecks checks)
{
    [Function("Ready")]
    public async Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken)
    {
        var dependencies = await checks.RunAsync(cancellationToken);
        var ready = dependencies.All(dependency => dependency.Healthy);
        return Results.Json(
            new ReadinessView(ready ? "ready" : "degraded", dependencies), ReadinessJson.Default.ReadinessView,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

internal sealed record ReadinessView(string Status, IReadOnlyList<DependencyState> Dependencies);

internal sealed record DependencyState(string Name, bool Healthy, string Detail);

[JsonSerializable(typeof(ReadinessView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ReadinessJson : JsonSerializerContext;
