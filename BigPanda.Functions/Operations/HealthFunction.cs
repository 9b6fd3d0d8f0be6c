using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Operations;

/// <summary><c>GET /health</c>: liveness of the process. <c>/health/ready</c> checks its dependencies.</summary>
public sealed class HealthFunction
{
    [Function("Health")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request) =>
        Results.Text("{\"status\":\"healthy\"}", "application/json");
}
