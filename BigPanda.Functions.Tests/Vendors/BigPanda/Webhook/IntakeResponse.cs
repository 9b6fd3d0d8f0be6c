using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>The response of the webhook function.</summary>
internal sealed record IntakeResponse(HttpResponse Response, byte[] Body)
{
    public int Status => Response.StatusCode;

    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    public string? Text(string name) => Json.GetProperty(name).GetString();

    /// <summary>Asserts that it is an RFC 9457 document of this status.</summary>
    public IntakeResponse AssertProblem(int status)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", Response.ContentType);
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.Equal("about:blank", Text("type"));
        Assert.NotEqual("", Text("title"));
        Assert.NotEqual("", Text("detail"));
        return this;
    }
}
