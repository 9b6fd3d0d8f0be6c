using BigPanda.Functions.Tests.Scenarios.PagerDuty;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.LocalHost.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>Every route of the compiled functions without its credential and with wrong ones, and with a body that must not be read.</summary>
public sealed class AccessTests(AccessTests.Fixture app) : IClassFixture<AccessTests.Fixture>
{
    private const string Everyone = "everyone";
    private const string SourceToken = "source token";
    private const string Signature = "signature";
    private const string FunctionKey = "function key";
    private const string SignIn = "sign-in with Entra ID";

    // A sound principal of the platform, for an app whose platform does not authenticate.
    private static readonly string Principal = Console.Principals.Of(role: "Admin");

    private const string Forged = "v1=0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>What the routes check that need no function key. A new one is entered here, with how it is refused below.</summary>
    private static readonly Dictionary<string, string> WithoutKey = new()
    {
        ["Console"] = Everyone,
        ["ConsoleApi"] = SignIn,
        ["ConsoleAsset"] = Everyone,
        ["ConsolePage"] = Everyone,
        ["GetSignIn"] = Everyone,
        ["Health"] = Everyone,
        ["OpenApi"] = Everyone,
        ["ReceiveMonitorAlert"] = SourceToken,
        ["ReceivePagerDutyWebhook"] = Signature,
        ["ReceiveWebhook"] = SourceToken,
        ["ReceiveWrapperAlert"] = SourceToken,
    };

    /// <summary>The functions that everyone may call.</summary>
    internal static IReadOnlyList<string> Open { get; } = [.. WithoutKey.Where(entry => entry.Value == Everyone).Select(entry => entry.Key)];

    /// <summary>Headers and query of refused requests. The braces stand for this bridge's own credentials, which do not belong there.</summary>
    private static readonly Dictionary<string, string[]> Wrong = new()
    {
        [FunctionKey] =
        [
            "", "x-functions-key: wrong", "x-functions-key: ", "?code=wrong", "?code=", "Authorization: Bearer {key}", "Authorization: Bearer {token}",
            "x-functions-key: {token}", "x-functions-key: {key}x", "?access_token={key}", "?code={token}", "Cookie: x-functions-key={key}",
        ],
        [SourceToken] =
        [
            "", "Authorization: Bearer wrong", "Authorization: Bearer ", "Authorization: {token}", "Authorization: Basic {token}",
            "Authorization: Bearer {otherToken}", "Authorization: Bearer {key}", "x-functions-key: {key}", "?code={key}", "X-Api-Key: {token}",
            "?access_token={otherToken}", "?access_token=wrong", "?token={token}",
        ],
        [Signature] =
        [
            "", "X-PagerDuty-Signature: ", "X-PagerDuty-Signature: v1=00", "X-PagerDuty-Signature: v2=00", "Authorization: Bearer {token}",
            "x-functions-key: {key}", "X-PagerDuty-Signature: v1=zz", "?code={key}",
        ],
        [SignIn] =
        [
            "", "x-functions-key: {key}", "?code={key}", "Authorization: Bearer {token}", "Cookie: AppServiceAuthSession={key}",
            $"X-MS-CLIENT-PRINCIPAL: {Principal}", "X-MS-CLIENT-PRINCIPAL-ID: 11111111-2222-3333-4444-555555555555",
        ],
        [Everyone] = [],
    };

    private static readonly IReadOnlyList<HttpFunction> Functions = FunctionCatalog.Discover([typeof(AppServices).Assembly]).Http;

    public static TheoryData<string, string> Refused
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var function in Functions)
            {
                foreach (var wrong in Wrong[CredentialOf(function)]) rows.Add(function.Name, wrong);
            }

            return rows;
        }
    }

    [Fact]
    public void A_route_needs_a_function_key_unless_it_is_entered_here() => Assert.Equal(
        WithoutKey.Keys.Order(StringComparer.Ordinal),
        Functions.Where(function => function.Level != AuthorizationLevel.Function).Select(function => function.Name));

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Without_its_credential_a_route_is_refused_before_the_body_is_read(string name, string presented)
    {
        var function = Functions.Single(one => one.Name == name);

        var (status, isRead) = await CallAsync(function, presented, new UnreadStream());

        Assert.Equal((401, false), (status, isRead));
    }

    /// <summary>A signature is checked over the body: only one that can be of the right form makes it be read.</summary>
    [Fact]
    public async Task A_forged_signature_is_refused()
    {
        var function = Functions.Single(one => one.Name == "ReceivePagerDutyWebhook");

        Assert.Equal(401, await Eventually.Async(CallAsync, InTime, "the answer is in time"));

        async Task<int> CallAsync()
        {
            var context = await ContextAsync(function, $"X-PagerDuty-Signature: {Forged}");
            context.Request.Body = new MemoryStream("{}"u8.ToArray());
            await HandleAsync(function, context);
            return context.Response.StatusCode;
        }
    }

    /// <summary>The other tests could not fail if no request read its body.</summary>
    [Theory]
    [InlineData("ReceiveWebhook", "Authorization: Bearer {token}")]
    [InlineData("ReceiveMonitorAlert", "Authorization: Bearer {monitorToken}")]
    [InlineData("ReceiveMonitorAlert", "?access_token={monitorToken}")]
    [InlineData("ReceiveWrapperAlert", "Authorization: Bearer {monitorToken}")]
    [InlineData("ReceivePagerDutyWebhook", "X-PagerDuty-Signature: " + Forged)]
    [InlineData("CreateSource", "x-functions-key: {key}")]
    [InlineData("CreateSource", "?code={key}")]
    public async Task With_its_credential_the_body_is_read(string name, string presented)
    {
        var function = Functions.Single(one => one.Name == name);

        var (_, isRead) = await Eventually.Async(
            () => CallAsync(function, presented, new UnreadStream()), seen => seen.IsRead || InTime(seen.Status), "the answer is in time");

        Assert.True(isRead);
    }

    /// <summary>PagerDuty's route answers 503 to what takes it a second, as on a busy machine.</summary>
    private static bool InTime(int status) => status != 503;

    private static string CredentialOf(HttpFunction function) =>
        function.Level == AuthorizationLevel.Anonymous ? WithoutKey.GetValueOrDefault(function.Name, FunctionKey) : FunctionKey;

    private async Task<(int Status, bool IsRead)> CallAsync(HttpFunction function, string presented, UnreadStream body)
    {
        var context = await ContextAsync(function, presented);
        (context.Request.Body, context.Request.ContentLength) = (body, 100);
        await HandleAsync(function, context);
        return (context.Response.StatusCode, body.IsRead);
    }

    private async Task HandleAsync(HttpFunction function, HttpContext context)
    {
        await using var scope = app.Host.Services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        await new HttpFunctionEndpoint(function, new FunctionKey(app.Host.FunctionKey), NullLogger.Instance).HandleAsync(context);
    }

    private async Task<DefaultHttpContext> ContextAsync(HttpFunction function, string presented)
    {
        var monitor = await app.MonitorAsync();
        var isMonitors = function.Route.StartsWith("monitors/", StringComparison.Ordinal);
        var filled = presented
            .Replace("{key}", app.Host.FunctionKey, StringComparison.Ordinal)
            .Replace("{token}", isMonitors ? monitor.Token : app.Host.BearerToken, StringComparison.Ordinal)
            .Replace("{otherToken}", isMonitors ? app.Host.BearerToken : monitor.Token, StringComparison.Ordinal)
            .Replace("{monitorToken}", monitor.Token, StringComparison.Ordinal);
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Host, context.Request.Path) = (function.Methods[0], new HostString("localhost"), $"/api/{function.Route}");
        (context.Request.Scheme, context.Request.ContentType) = ("http", "application/json");
        // Each from another address, so that none is limited.
        IntakeResponse.SetCaller(context.Request, app.NextCaller());
        context.Request.RouteValues["sourceId"] = isMonitors ? monitor.Id : app.Host.SourceId;
        foreach (var name in (string[])["incidentId", "id", "tokenId"]) context.Request.RouteValues[name] = "some-id";
        if (filled.StartsWith('?')) context.Request.QueryString = new QueryString(filled);
        else if (filled.Split(": ", 2) is [var header, var value]) context.Request.Headers[header] = value;
        return context;
    }

    public sealed class Fixture : PagerDutyFixture
    {
        private Task<(string Id, string Token)>? _monitor;
        private int _callers;

        internal Task<(string Id, string Token)> MonitorAsync() => _monitor ??= CreateMonitorAsync();

        internal int NextCaller() => Interlocked.Increment(ref _callers);

        private async Task<(string Id, string Token)> CreateMonitorAsync()
        {
            var made = (await Bridge.PostAsync("/api/sources", """{"name":"Monitor","kind":"monitor","format":"bigpanda"}""")).Expect(201).Json;
            return (made.GetProperty("source").GetProperty("id").GetString() ?? "", made.GetProperty("bearerToken").GetString() ?? "");
        }
    }
}
