using System.Text.Json;

namespace BigPanda.Functions.Tests.Support;

/// <summary>An HTTP answer, read whole.</summary>
internal sealed record Answer(int Status, string? MediaType, string? RetryAfter, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public static async Task<Answer> FromAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        response.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null,
        await response.Content.ReadAsStringAsync());

    public Answer Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, was answered {Status}: {Body}");
        return this;
    }

    /// <summary>An error as RFC 9457 has it.</summary>
    public JsonElement ExpectProblem(int status)
    {
        Expect(status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        return Json;
    }

    public override string ToString() => $"{Status} {Body}";

    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, JsonSerializerOptions.Web) ?? throw new InvalidOperationException($"null was answered, not {typeof(T).Name}.");
}
