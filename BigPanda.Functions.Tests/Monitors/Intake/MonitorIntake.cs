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

    private readonly ReceiveMonitorAlertFunction _function;

    public MonitorIntake(string format = "bigpanda", bool flatten = false, int? okAfterHours = null, SourceCatalog? sources = null)
    {
        var logging = new LoggerFactory([Log]);
        var settings = Options.Create(new IntakeOptions());
        var source = Catalogs.Source(SourceId, Token) with
        {
            Kind = SourceKind.Monitor,
            Format = format,
            Flatten = flatten,
            OkAfterHours = okAfterHours,
        };
        var gate = new SourceGate(
            sources ?? Catalogs.Of(source), new RefusalLimit(Time), new IntakeBudget(settings, new MemoryRelief(Time), Time),
            new RefusalLog(Time, logging.CreateLogger<RefusalLog>()), IntakeResponse.Services.GetRequiredService<AppMetrics>(), Time, settings);
        _function = new ReceiveMonitorAlertFunction(
            gate, new MessageSender(Bus, new BrokerGate(Time), new RecentEvents(Time)), IntakeResponse.Services.GetRequiredService<AppMetrics>(), Time,
            logging.CreateLogger<ReceiveMonitorAlertFunction>());
    }

    public FakeTimeProvider Time { get; } = new(Now);

    public RecordingBus Bus { get; } = new(Queues.BigPandaAlerts);

    public ListLogger Log { get; } = new();

    public Task<IntakeResponse> PostAsync(string body, Action<HttpRequest>? change = null, CancellationToken cancellationToken = default) =>
        PostAsync(new MemoryStream(Encoding.UTF8.GetBytes(body)), change, cancellationToken);

    public Task<IntakeResponse> PostAsync(Stream body, Action<HttpRequest>? change = null, CancellationToken cancellationToken = default) =>
        IntakeResponse.PostAsync(
            body,
            null,
            request =>
            {
                request.Headers.Authorization = $"Bearer {Token}";
                change?.Invoke(request);
            },
            request => _function.RunAsync(request, SourceId, cancellationToken));
}
