using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Simulator.BigPanda.Webhooks;

/// <summary>Sends one POST to the connected receiver, without a retry: BigPanda documents none.</summary>
internal sealed class WebhookClient(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    private volatile WebhookTarget? _target;

    public void Connect(WebhookTarget target) => _target = target;

    public async Task<Response> PostAsync(ReadOnlyMemory<byte> body, string contentType, CancellationToken cancellationToken)
    {
        if (_target is not { } target)
            return new(null, null, "No webhook URL is connected.");
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = target.Request(body, contentType);
            using var response = await _http.SendAsync(request, either.Token);
            return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(either.Token), null);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(null, null, $"No response within {Timeout.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException e)
        {
            return new(null, null, e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    internal sealed record Response(int? Status, [property: JsonConverter(typeof(JsonOrText))] string? Body, string? Error);
}
