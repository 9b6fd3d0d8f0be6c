using System.Security.Cryptography;
using System.Text;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Outbound.Credentials;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Telemetry;
using BigPanda.Functions.Tests.Hosting;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Tests.Vendors.BigPanda.Webhook;
using BigPanda.Functions.Vendors.PagerDuty.Api;
using BigPanda.Functions.Vendors.PagerDuty.Webhook;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Vendors.PagerDuty.Webhook;

/// <summary>PagerDuty's webhook function with its real dependencies over a recording bus, called as the host calls it.</summary>
internal sealed class PagerDutyIntake
{
    public const string Secret = "first-secret";
    public static readonly DateTimeOffset Now = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly ReceivePagerDutyWebhookFunction _function;

    public PagerDutyIntake(string mode = "on")
    {
        Tables = new MemoryTables(Time);
        var logging = new LoggerFactory([Log]);
        var relief = new MemoryRelief(Time);
        Credentials = new CredentialCache<PagerDutyCredential>(
            PagerDutyCredential.Kind, Store, Time, NullLogger<CredentialCache<PagerDutyCredential>>.Instance);
        var gate = new PagerDutyGate(
            Credentials,
            new RefusalLimit(Time),
            Budget = new IntakeBudget(Options.Create(new IntakeOptions { MaxBytesInFlight = 4 * 1024 * 1024 }), relief, Time),
            new RefusalLog(Time, logging.CreateLogger<RefusalLog>()),
            IntakeResponse.Services.GetRequiredService<AppMetrics>(),
            Time,
            Options.Create(new PagerDutyOptions { Mode = mode }));
        Subscriptions = new SubscriptionStore(Tables, Time, logging.CreateLogger<SubscriptionStore>());
        _function = new ReceivePagerDutyWebhookFunction(
            gate, new MessageBodies(new PayloadStore(Tables, Time), relief, Time),
            new MessageSender(Bus, new BrokerGate(Time), new RecentEvents(Time)), Subscriptions, Time,
            logging.CreateLogger<ReceivePagerDutyWebhookFunction>());
    }

    public FakeTimeProvider Time { get; } = new(Now);

    public RecordingBus Bus { get; } = new("pagerduty-events");

    public MemoryTables Tables { get; }

    public ListLogger Log { get; } = new();

    public IntakeBudget Budget { get; }

    public SubscriptionStore Subscriptions { get; }

    public CredentialCache<PagerDutyCredential> Credentials { get; }

    public SecretStore Store { get; } = new();

    /// <summary>Signed with the secret.</summary>
    public Task<(HttpResponse Response, string Body)> PostAsync(byte[] body, Action<HttpRequest>? change = null, string secret = Secret) =>
        SendAsync(new MemoryStream(body), body.Length, request =>
        {
            request.Headers["X-PagerDuty-Signature"] = Sign(body, secret);
            change?.Invoke(request);
        });

    public async Task<(HttpResponse Response, string Body)> SendAsync(
        Stream body, long? length, Action<HttpRequest>? change = null, CancellationToken cancellationToken = default)
    {
        var answer = await IntakeResponse.PostAsync(
            body,
            length,
            request =>
            {
                request.Headers["X-Webhook-Id"] = "7a2a0a39-4a71-4d0b-a0a9-1f2b3c4d5e6f";
                request.Headers["X-Webhook-Subscription"] = "PXSUIZH";
                change?.Invoke(request);
            },
            request => _function.RunAsync(request, cancellationToken));
        return (answer.Response, Encoding.UTF8.GetString(answer.Body));
    }

    public static string Sign(byte[] body, string secret) => "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    internal sealed class SecretStore : ICredentialStore<PagerDutyCredential>
    {
        public PagerDutyCredential? Credential { get; set; } = With(new WebhookSecret(Secret, Now));

        public Exception? Failure { get; set; }

        public int Reads { get; private set; }

        /// <summary>The vault answers after it.</summary>
        public Task Reading { get; set; } = Task.CompletedTask;

        public static PagerDutyCredential With(params IReadOnlyList<WebhookSecret> secrets) => new()
        {
            ConnectionId = "1",
            EventsBaseUrl = "https://events.example.com",
            RestBaseUrl = "https://rest.example.com",
            RoutingKey = "0123456789abcdef0123456789abcdef",
            WebhookSecrets = secrets,
        };

        public async Task<PagerDutyCredential?> ReadAsync(CancellationToken cancellationToken)
        {
            Reads++;
            await Reading.WaitAsync(cancellationToken);
            return Failure is null ? Credential : throw Failure;
        }

        public Task WriteAsync(PagerDutyCredential credential, DateTimeOffset? expiresOn, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DeleteAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
