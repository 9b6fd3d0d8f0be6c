using System.Text;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Monitors.Intake;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Hosting;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Monitors.Intake;

/// <summary>The monitors' function with its real dependencies over a recording bus, called as the host calls it.</summary>
internal sealed class MonitorIntake
{
    public const string SourceId = "monitor";
    public const string Token = "the-token-of-the-monitor";
    public static readonly DateTimeOffset Now = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    private static readonly ServiceProvider Services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<AppMetrics>().BuildServiceProvider();

    private readonly ReceiveMonitorAlertFunction _function;

    public MonitorIntake(string format = "bigpanda", bool flatten = false, int? okAfterHours = null, SourceCatalog? sources = null)
    {
        var logging = new LoggerFactory([Log]);
        var settings = Options.Create(new IntakeOptions());
        var source = Catalogs.Source(SourceId, Token) with
        {
            Kind = SourceKind.Monitor, Format = format, Flatten = flatten, OkAfterHours = okAfterHours,
        };
        var gate = new SourceGate(
            sources ?? Catalogs.Of(source), new IntakeBudget(settings, new MemoryRelief(Time), Time), new RefusalLog(Time, logging.CreateLogger<RefusalLog>()),
            Services.GetRequiredService<AppMetrics>(), Time, settings);
        _function = new ReceiveMonitorAlertFunction(
            gate, new MessageSender(Bus, new BrokerGate(Time)), Services.GetRequiredService<AppMetrics>(), Time,
            logging.CreateLogger<ReceiveMonitorAlertFunction>());
    }

    public FakeTimeProvider Time { get; } = new(Now);

    public RecordingBus Bus { get; } = new(Queues.BigPandaAlerts);

    public ListLogger Log { get; } = new();

    public Task<IntakeResponse> PostAsync(string body, Action<HttpRequest>? change = null, CancellationToken cancellationToken = default) =>
        PostAsync(new MemoryStream(Encoding.UTF8.GetBytes(body)), change, cancellationToken);

    public async Task<IntakeResponse> PostAsync(Stream body, Action<HttpRequest>? change = null, CancellationToken cancellationToken = default)
    {
        var written = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = Services };
        context.Response.Body = written;
        context.Request.Method = "POST";
        context.Request.Body = body;
        context.Request.ContentType = "application/json";
        context.Request.Headers.Authorization = $"Bearer {Token}";
        change?.Invoke(context.Request);

        var result = await _function.RunAsync(context.Request, SourceId, cancellationToken);
        await result.ExecuteAsync(context);
        return new IntakeResponse(context.Response, written.ToArray());
    }
}
