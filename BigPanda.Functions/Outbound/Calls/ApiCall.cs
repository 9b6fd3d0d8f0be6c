using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BigPanda.Functions.Outbound.Credentials;

namespace BigPanda.Functions.Outbound.Calls;

/// <summary>One call of an API. The path is relative to the credential's address.</summary>
/// <param name="Authorize">Adds the vendor's headers.</param>
internal sealed record ApiCall(HttpMethod Method, string Path, ResponseRules Rules, Action<HttpRequestHeaders, ApiCredential> Authorize)
{
    public byte[]? Json { get; init; }

    /// <summary>
    /// Called after the wait for the rate limit, directly before the call; again if the turn was lost meanwhile, or a former key was refused. Null sends
    /// <see cref="Json"/>.
    /// </summary>
    public Func<CancellationToken, Task<PreparedBody>>? Prepare { get; init; }

    /// <summary>Gets the time from <see cref="Prepare"/> to the first byte of the body.</summary>
    public Action<TimeSpan>? OnSending { get; init; }

    /// <summary>A secret in the body, which the response may quote and the outcome must not show.</summary>
    public string? Secret { get; init; }

    /// <summary>False for a call that may fail although the connection works.</summary>
    public bool IsRecorded { get; init; } = true;

    // A record prints its members; a secret must not reach a log.
    public override string ToString() => nameof(ApiCall);

    /// <summary>The body has a known length: some gateways answer 411 to a chunked one.</summary>
    public HttpRequestMessage Request(ApiCredential credential, byte[]? json, Action sending)
    {
        var request = new HttpRequestMessage(Method, new Uri(credential.BaseAddress, Path));
        Authorize(request.Headers, credential);
        if (json is not null)
            request.Content = new MeasuredJson(json, sending) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        return request;
    }

    /// <summary>Signals when the body is sent: after connecting and after the headers.</summary>
    private sealed class MeasuredJson(byte[] json, Action sending) : ByteArrayContent(json)
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            sending();
            return base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }
}

/// <summary>What is decided directly before a call: its body, or why it is no longer wanted.</summary>
internal readonly record struct PreparedBody(byte[]? Json, string? Objection)
{
    public static PreparedBody Send(byte[]? json) => new(json, null);

    public static PreparedBody NotWanted(string why) => new(null, why);

    /// <summary>For a body that is known before: only asks whether it is still wanted.</summary>
    /// <param name="objection">Returns why not; null to send.</param>
    public static Func<CancellationToken, Task<PreparedBody>> Unless(Func<CancellationToken, Task<string?>> objection, byte[]? json) =>
        async cancellationToken => new PreparedBody(json, await objection(cancellationToken));

    /// <summary>Puts a text first into a JSON object that has members: some APIs take their key in the body.</summary>
    public static byte[] WithMember(string name, string value, ReadOnlySpan<byte> json) =>
        [.. Encoding.UTF8.GetBytes($"{{\"{name}\":\"{JsonEncodedText.Encode(value)}\","), .. json[1..]];
}
