namespace BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

/// <summary>Sends one POST to the connected receiver, without a retry: BigPanda documents none.</summary>
internal sealed class WebhookClient(TimeProvider time) : IDisposable
{
    private readonly WebhookHttp _http = new(TimeSpan.FromSeconds(10), time);

    private volatile WebhookTarget? _target;

    public void Connect(WebhookTarget target) => _target = target;

    public async Task<WebhookResponse> PostAsync(ReadOnlyMemory<byte> body, string contentType, CancellationToken cancellationToken)
    {
        if (_target is not { } target)
            return new(null, null, "No webhook URL is connected.");
        using var request = target.Request(body, contentType);
        return await _http.SendAsync(request, cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
