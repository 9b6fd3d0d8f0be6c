using BigPanda.Functions.Tests.Scenarios.PagerDuty;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A bridge with a monitor and both vendors, and the request of a valid caller for every way in.</summary>
public sealed class HostileFixture : PagerDutyFixture
{
    public const int MaxBodyBytes = 1024 * 1024;

    private const string Signature = "X-PagerDuty-Signature: v1=0000000000000000000000000000000000000000000000000000000000000000";

    private Task<(string Id, string Token)>? _monitor;

    public static readonly IReadOnlyList<string> WaysIn = ["BigPanda", "PagerDuty", "monitor", "wrapper", "API", "preview"];

    internal static IReadOnlyList<HttpFunction> Functions { get; } = FunctionCatalog.Discover([typeof(AppServices).Assembly]).Http;

    protected override IReadOnlyDictionary<string, string?> Settings =>
        base.Settings.Append(new("Intake__MaxBodyBytes", $"{MaxBodyBytes}")).ToDictionary();

    /// <summary>Request line and headers, without those of the body. PagerDuty's signature is not that of the body.</summary>
    internal async Task<string> HeadAsync(string way)
    {
        var monitor = await (_monitor ??= CreateMonitorAsync());
        var key = $"x-functions-key: {Host.FunctionKey}";
        var (path, credential) = way switch
        {
            "BigPanda" => (Host.CallbackUrl.AbsolutePath, $"Authorization: Bearer {Host.BearerToken}"),
            "PagerDuty" => ("/api/webhooks/pagerduty", Signature),
            "monitor" => ($"/api/monitors/{monitor.Id}/alerts", $"Authorization: Bearer {monitor.Token}"),
            "wrapper" => ($"/api/monitors/{monitor.Id}/data/v2/alerts", $"Authorization: Bearer {monitor.Token}"),
            "API" => ("/api/sources", key),
            "preview" => ("/api/pagerduty/preview", key),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "No way in."),
        };
        return $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{credential}\r\n";
    }

    private async Task<(string Id, string Token)> CreateMonitorAsync()
    {
        var made = (await Bridge.PostAsync("/api/sources", """{"name":"Monitor","kind":"monitor","format":"bigpanda"}""")).Expect(201).Json;
        return (made.GetProperty("source").GetProperty("id").GetString() ?? "", made.GetProperty("bearerToken").GetString() ?? "");
    }
}
