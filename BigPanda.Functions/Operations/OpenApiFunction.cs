using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Operations;

/// <summary><c>GET /openapi.json</c>: the HTTP API as an OpenAPI 3.1 document, written by hand; tests compare it with the routes and responses.</summary>
public sealed class OpenApiFunction
{
    private const string Resource = "openapi.json";

    private static readonly Lazy<byte[]> Document = new(Read);

    [Function("OpenApi")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        Results.Bytes(Document.Value, "application/json");

    internal static byte[] Read()
    {
        using var stream = typeof(OpenApiFunction).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The app was built without {Resource}.");
        using var whole = new MemoryStream();
        stream.CopyTo(whole);
        return whole.ToArray();
    }
}
