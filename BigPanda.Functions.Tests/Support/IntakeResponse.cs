using System.Net;
using System.Text.Json;
using BigPanda.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Support;

/// <summary>The response of a webhook's function, called as the host calls it.</summary>
internal sealed record IntakeResponse(HttpResponse Response, byte[] Body)
{
    public static ServiceProvider Services { get; } = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();

    public int Status => Response.StatusCode;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Posts JSON.</summary>
    /// <param name="prepare">Adds what the sender adds.</param>
    public static async Task<IntakeResponse> PostAsync(Stream body, long? length, Action<HttpRequest> prepare, Func<HttpRequest, Task<IResult>> function)
    {
        var written = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = Services };
        context.Response.Body = written;
        context.Request.Method = "POST";
        context.Request.Body = body;
        context.Request.ContentLength = length;
        context.Request.ContentType = "application/json";
        prepare(context.Request);

        var result = await function(context.Request);
        await result.ExecuteAsync(context);
        return new IntakeResponse(context.Response, written.ToArray());
    }

    /// <summary>The request comes from one of many addresses.</summary>
    public static void SetCaller(HttpRequest request, int number) =>
        request.HttpContext.Connection.RemoteIpAddress = new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

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
