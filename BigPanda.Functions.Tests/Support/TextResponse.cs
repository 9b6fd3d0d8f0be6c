using System.Text.Json;
using System.Text.Json.Nodes;

namespace BigPanda.Functions.Tests.Support;

/// <summary>An HTTP response with its whole body as text.</summary>
internal sealed record TextResponse(int Status, string? MediaType, string? RetryAfter, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public JsonNode Node => JsonNode.Parse(Body) ?? throw new InvalidOperationException("The response is null.");

    public static async Task<TextResponse> FromAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        response.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null,
        await response.Content.ReadAsStringAsync());

    public TextResponse Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body}");
        return this;
    }

    /// <summary>Asserts that it is an RFC 9457 problem document of this status.</summary>
    public JsonElement ExpectProblem(int status)
    {
        Expect(status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        return Json;
    }

    public override string ToString() => $"{Status} {Body}";

    public T Read<T>() =>
        JsonSerializer.Deserialize<T>(Body, JsonSerializerOptions.Web) ?? throw new InvalidOperationException($"The response is null, not {typeof(T).Name}.");
}
