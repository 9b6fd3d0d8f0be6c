using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace BigPanda.Benchmarks.Servers;

/// <summary>Replaces Table Storage for an app that only reads sources: every read returns this one.</summary>
/// <param name="members">More of the source's JSON, each member with a comma before it.</param>
internal sealed class OneSource(string id, string token, string members = "") : HttpMessageHandler
{
    // Written by hand: serializing would compile methods in the app's process.
    private readonly byte[] _response = Encoding.UTF8.GetBytes(
        $$"""{"value":[{"PartitionKey":"source","RowKey":"{{id}}","Source":"{{Source(id, token, members)}}"}]}""");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent(_response) });

    /// <summary>JSON in a JSON text.</summary>
    private static string Source(string id, string token, string members)
    {
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        const string Made = "1970-01-01T00:00:00Z";
        var tokens = $$"""[{"Id":"1","Prefix":"{{token[..4]}}","Sha256":"{{hash}}","CreatedAt":"{{Made}}"}]""";
        var source = $$"""{"Id":"{{id}}","Name":"{{id}}","CreatedAt":"{{Made}}","Tokens":{{tokens}}{{members}}}""";
        return source.Replace("\"", "\\\"", StringComparison.Ordinal);
    }
}
