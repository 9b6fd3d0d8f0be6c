using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Http;
using Microsoft.Net.Http.Headers;

namespace BigPanda.Functions.Alerts.Api;

/// <summary>
/// The rows of the console's list as one document, read at most once every five seconds by an instance, however many people watch. Each answer
/// says when the next read is due, so that all watchers ask just after it: what they see is then hardly older than that.
/// </summary>
public sealed class AlertRowCache(ListRowReader reader, TimeProvider time) : IDisposable
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Snapshot? _latest;

    /// <returns>The document, and how long it stays the latest.</returns>
    internal async Task<(AlertRowDocument Document, TimeSpan Left)> GetAsync(CancellationToken cancellationToken)
    {
        if (Find() is { } known) return known;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (Find() is { } meanwhile) return meanwhile;
            var began = time.GetTimestamp();
            var read = AlertRowDocument.Of(await reader.ReadAsync(cancellationToken));
            // Unchanged: what is already compressed is kept.
            var document = _latest is { Document: var before } && before.Hash == read.Hash ? before : read;
            _latest = new Snapshot(document, began);
            return (document, Lifetime);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private (AlertRowDocument Document, TimeSpan Left)? Find() =>
        _latest is { } latest && Lifetime - time.GetElapsedTime(latest.At) is var left && left > TimeSpan.Zero ? (latest.Document, left) : null;

    private sealed record Snapshot(AlertRowDocument Document, long At);
}

/// <summary>The document in each coding, compressed when it is first asked for.</summary>
internal sealed class AlertRowDocument
{
    /// <summary>5,000 rows of 1.2 MB: 50 KB in 20 ms; a higher quality costs far more time than it saves bytes.</summary>
    private const int BrotliQuality = 5;

    private readonly byte[] _json;
    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;

    private AlertRowDocument(byte[] json)
    {
        _json = json;
        Hash = XxHash128.HashToUInt128(json).ToString("x32", CultureInfo.InvariantCulture);
        _brotli = new(() => Compress(json, static to => new BrotliStream(to, new BrotliCompressionOptions { Quality = BrotliQuality })));
        _gzip = new(() => Compress(json, static to => new GZipStream(to, CompressionLevel.Fastest)));
    }

    public string Hash { get; }

    public static AlertRowDocument Of(ListRows list)
    {
        var json = new StringBuilder(64 + (list.Rows.Count * 500)).Append("{\"isCut\":").Append(list.IsCut ? "true" : "false").Append(",\"items\":[");
        for (var i = 0; i < list.Rows.Count; i++) json.Append(i == 0 ? "\n" : ",\n").Append(list.Rows[i]);
        return new AlertRowDocument(Encoding.UTF8.GetBytes(json.Append("]}").ToString()));
    }

    public ReadOnlyMemory<byte> In(string? coding) => coding switch
    {
        ContentCoding.Brotli => _brotli.Value,
        ContentCoding.Gzip => _gzip.Value,
        _ => _json,
    };

    public EntityTagHeaderValue TagOf(string? coding) => new($"\"{Hash}{(coding is null ? "" : $"-{coding}")}\"");

    private static byte[] Compress(byte[] json, Func<Stream, Stream> wrap)
    {
        using var compressed = new MemoryStream();
        using (var stream = wrap(compressed)) stream.Write(json);
        return compressed.ToArray();
    }
}
