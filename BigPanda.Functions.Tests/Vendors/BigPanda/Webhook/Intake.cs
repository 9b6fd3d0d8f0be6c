using Azure.Data.Tables;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Hosting;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Webhook;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;

/// <summary>The webhook function with its real dependencies over a recording bus, called as the host calls it.</summary>
internal sealed class Intake
{
    public const string SourceId = "main";
    public const string Token = "the-token-of-main";
    public static readonly DateTimeOffset Now = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly ReceiveWebhookFunction _function;

    public Intake(int maxBodyBytes = 8 * 1024 * 1024, TableServiceClient? tables = null, SourceCatalog? sources = null)
    {
        var logging = new LoggerFactory([Log]);
        // An unused port: a test that needs the claim check passes its own tables.
        var payloads = new PayloadStore(tables ?? new TableServiceClient("UseDevelopmentStorage=true"), Time);
        Bodies = new MessageBodies(payloads, new MemoryRelief(Time), Time);
        var settings = Options.Create(new IntakeOptions { MaxBodyBytes = maxBodyBytes, MaxBytesInFlight = 4 * maxBodyBytes });
        _function = new ReceiveWebhookFunction(
            Gate = new SourceGate(
                sources ?? Catalogs.Of(Catalogs.Source(SourceId, Token)),
                new RefusalLimit(Time),
                Budget = new IntakeBudget(settings, new MemoryRelief(Time), Time),
                new RefusalLog(Time, logging.CreateLogger<RefusalLog>()),
                IntakeResponse.Services.GetRequiredService<AppMetrics>(),
                Time,
                settings),
            Bodies,
            new MessageSender(Bus, new BrokerGate(Time), new RecentEvents(Time)),
            Time,
            logging.CreateLogger<ReceiveWebhookFunction>());
    }

    public FakeTimeProvider Time { get; } = new(Now);

    public RecordingBus Bus { get; } = new();

    public IntakeBudget Budget { get; }

    public SourceGate Gate { get; }

    public ListLogger Log { get; } = new();

    public MessageBodies Bodies { get; }

    public Task<IntakeResponse> PostAsync(
        byte[] body, Action<HttpRequest>? change = null, string source = SourceId, CancellationToken cancellationToken = default) =>
        PostAsync(new MemoryStream(body), body.Length, change, source, cancellationToken);

    public Task<IntakeResponse> PostAsync(
        Stream body, long? length, Action<HttpRequest>? change = null, string source = SourceId, CancellationToken cancellationToken = default) =>
        SendAsync(body, length, change, request => _function.RunAsync(request, source, cancellationToken));

    /// <summary>As the route of this kind would.</summary>
    public Task<IntakeResponse> AdmitAsync(SourceKind kind, string source = SourceId, Action<HttpRequest>? change = null) => SendAsync(
        new UnreadStream(), 100, change, async request => (await Gate.AdmitAsync(request, source, kind, CancellationToken.None)).Refusal ?? Results.Ok(source));

    private static Task<IntakeResponse> SendAsync(Stream body, long? length, Action<HttpRequest>? change, Func<HttpRequest, Task<IResult>> handle) =>
        IntakeResponse.PostAsync(
            body,
            length,
            request =>
            {
                request.Headers.Authorization = $"Bearer {Token}";
                change?.Invoke(request);
            },
            handle);

    public static byte[] Published => Samples.Published;
}
