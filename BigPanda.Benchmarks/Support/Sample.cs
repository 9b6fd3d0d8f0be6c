using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BigPanda.Benchmarks.Support;

/// <summary>BigPanda's published Notifications Webhook sample, with a chosen incident id.</summary>
internal static class Sample
{
    private const string Id = "5555370aabc20a001145d6g9";
    private const int CounterDigits = 12;
    private const long UpdatedOn = 1652897578;

    // Runs share no ids, so that no request is a duplicate.
    private static readonly string Prefix = RandomNumberGenerator.GetHexString(Id.Length - CounterDigits, lowercase: true);
    private static readonly byte[] Bytes = Load();
    private static long _last;

    public static ReadOnlySpan<byte> Published => Bytes;

    /// <summary>The position of the id in <see cref="Published"/>.</summary>
    public static int IdOffset { get; } = Published.IndexOf(Encoding.ASCII.GetBytes(Id));

    public static int IdLength => Id.Length;

    public static string NextId() => Prefix + Interlocked.Increment(ref _last).ToString("D12", CultureInfo.InvariantCulture);

    public static byte[] Of(string incidentId)
    {
        var body = Published.ToArray();
        WriteId(body.AsSpan(IdOffset), incidentId);
        return body;
    }

    /// <summary>The incident's n-th delivery, one second after the previous one.</summary>
    public static byte[] Of(string incidentId, int delivery)
    {
        var body = Of(incidentId);
        var updatedOn = UpdatedOn + delivery;
        var at = body.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\"updatedOn\": {UpdatedOn}")) + "\"updatedOn\": ".Length;
        Encoding.ASCII.GetBytes(updatedOn.ToString(CultureInfo.InvariantCulture), body.AsSpan(at));
        return body;
    }

    public static void WriteId(Span<byte> at, string incidentId) => Encoding.ASCII.GetBytes(incidentId, at);

    /// <summary>A body of at least <paramref name="bytes"/>: the published sample with its first alert repeated.</summary>
    public static byte[] OfSize(int bytes)
    {
        var whole = JsonNode.Parse(Published) ?? throw new InvalidOperationException("The sample is empty.");
        var alerts = whole["incident"]?["alerts"]?.AsArray() ?? throw new InvalidOperationException("The sample has no alerts.");
        var alert = alerts[0] ?? throw new InvalidOperationException("The sample's first alert is null.");
        var each = JsonSerializer.SerializeToUtf8Bytes(alert).Length + 1;
        for (var left = bytes - JsonSerializer.SerializeToUtf8Bytes(whole).Length; left > 0; left -= each) alerts.Add(alert.DeepClone());
        return JsonSerializer.SerializeToUtf8Bytes(whole);
    }

    private static byte[] Load()
    {
        using var stream = typeof(Sample).Assembly.GetManifestResourceStream("incident-new.json")
            ?? throw new InvalidOperationException("The sample is not embedded in this program.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
