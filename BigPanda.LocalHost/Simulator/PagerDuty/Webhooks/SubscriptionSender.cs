using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using BigPanda.LocalHost.Simulator.PagerDuty.Account;

namespace BigPanda.LocalHost.Simulator.PagerDuty.Webhooks;

/// <summary>
/// Sends signed webhooks as PagerDuty does: in order for each subscription and incident, again after a 5xx, a 429 or no response for up to 48 hours, and not
/// again after any other 4xx. Source: developer.pagerduty.com/docs/webhooks/webhook-behavior.
/// </summary>
internal sealed class SubscriptionSender(
    Subscriptions subscriptions, AccountIds ids, FaultBook faults, PagerDutySettings settings, BackgroundWork background, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RetriedFor = TimeSpan.FromHours(48);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    private readonly WebhookHttp _http = new(TimeSpan.FromSeconds(5), time);
    private readonly WebhookFaults<Sending> _faults = new(faults, time);
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Subscription, string Resource), Queue<Sending>> _queues = [];

    public BoundedHistory<SentWebhook> Attempts { get; } = new(10_000);

    /// <summary>True when no webhook waits for its turn or a retry.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _queues.Count == 0;
        }
    }

    public void Send(AccountEvent happened)
    {
        var eventId = ids.Event();
        foreach (var subscription in subscriptions.All.Where(subscription => subscription.Wants(happened)))
            Add(new(subscription.Id, happened.Incident.Id, happened.Type, WebhookBody.Of(happened, eventId, settings.Current.TrimNotesAt), time.GetUtcNow()));
    }

    public void Ping(string subscriptionId) =>
        Add(new(subscriptionId, subscriptionId, "pagey.ping", WebhookBody.Ping(ids.Event(), time.GetUtcNow()), time.GetUtcNow()));

    /// <summary>Sends the webhooks that a reorder fault holds, last first and outside their queues, each until it is settled.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        foreach (var held in _faults.Release())
            await SendUntilSettledAsync(held, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private void Add(Sending sending)
    {
        var key = (sending.SubscriptionId, sending.ResourceId);
        lock (_gate)
        {
            if (_queues.TryGetValue(key, out var waiting))
            {
                waiting.Enqueue(sending);
                return;
            }
            _queues[key] = new([sending]);
        }
        background.Start(cancellationToken => SendAllAsync(key, cancellationToken));
    }

    private async Task SendAllAsync((string Subscription, string Resource) key, CancellationToken cancellationToken)
    {
        while (Peek(key) is { } sending)
        {
            var faulted = await _faults.ApplyAsync(sending, cancellationToken);
            if (faulted.Lost is { } lost)
                Attempts.Add(sending.Attempt(time.GetUtcNow(), 0, null, lost));
            foreach (var due in faulted.Due)
                await SendUntilSettledAsync(due, cancellationToken);
            lock (_gate)
                _queues[key].Dequeue();
        }
    }

    /// <summary>Ends the queue when it is empty.</summary>
    private Sending? Peek((string Subscription, string Resource) key)
    {
        lock (_gate)
        {
            if (_queues[key].TryPeek(out var sending))
                return sending;
            _queues.Remove(key);
            return null;
        }
    }

    private async Task SendUntilSettledAsync(Sending sending, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (!subscriptions.TryFind(sending.SubscriptionId, out var subscription) || subscription.IsDisabledAt(time.GetUtcNow()))
            {
                Attempts.Add(sending.Attempt(time.GetUtcNow(), attempt, null, "Dropped: the subscription is disabled or deleted."));
                return;
            }
            var status = await AttemptAsync(sending, attempt, cancellationToken);
            if (status is >= 200 and < 300)
            {
                subscriptions.Delivered(sending.SubscriptionId);
                return;
            }
            var isRetried = status is null or 429 or >= 500 && time.GetUtcNow() - sending.At < RetriedFor;
            if (!isRetried)
            {
                subscriptions.Dropped(sending.SubscriptionId);
                return;
            }
            var delay = TimeSpan.FromMilliseconds(settings.Current.RetryMs * Math.Pow(2, Math.Min(attempt - 1, 20)));
            await Task.Delay(delay < LongestDelay ? delay : LongestDelay, time, cancellationToken);
        }
    }

    private async Task<int?> AttemptAsync(Sending sending, int attempt, CancellationToken cancellationToken)
    {
        if (!subscriptions.TryFind(sending.SubscriptionId, out var subscription))
            return null;
        using var request = Request(subscription, sending);
        var response = await _http.SendAsync(request, cancellationToken);
        Attempts.Add(sending.Attempt(time.GetUtcNow(), attempt, response.Status, response.Error));
        return response.Status;
    }

    private static HttpRequestMessage Request(Subscription subscription, Sending sending)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, subscription.Url) { Content = new ByteArrayContent(sending.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("PagerDuty-Webhook/V3.0");
        request.Headers.Add("X-PagerDuty-Signature", string.Join(',', subscription.Secrets.Select(secret => Sign(sending.Body, secret))));
        request.Headers.Add("X-Webhook-Id", sending.WebhookId);
        request.Headers.Add("X-Webhook-Subscription", subscription.Id);
        foreach (var (name, value) in subscription.CustomHeaders)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static string Sign(byte[] body, string secret) => "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private sealed record Sending(string SubscriptionId, string ResourceId, string Type, byte[] Body, DateTimeOffset At)
    {
        /// <summary>The same on every attempt.</summary>
        public string WebhookId { get; } = Guid.NewGuid().ToString();

        public SentWebhook Attempt(DateTimeOffset at, int attempt, int? status, string? error) =>
            new(at, WebhookId, SubscriptionId, Type, ResourceId, attempt, status, error);
    }
}

/// <summary>One attempt to send a webhook and its result: the receiver's status, or why there is none.</summary>
internal sealed record SentWebhook(
    DateTimeOffset At, string WebhookId, string SubscriptionId, string Type, string IncidentId, int Attempt, int? Status, string? Error);
