using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Azure.Data.Tables;
using BigPanda.Functions.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Tests.Support;

/// <summary>Collects what a run writes, to search it for secrets: responses, log lines, table rows, files, spans and the tags of measurements.</summary>
internal sealed class SecretSearch : IDisposable
{
    private readonly ConcurrentQueue<(string Where, string Text)> _written = [];
    private readonly MeterListener _meters = new();

    public SecretSearch()
    {
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
        _meters.Start();
    }

    public void Add(string where, string text) => _written.Enqueue((where, text));

    public void Add(TracedWork trace)
    {
        foreach (var span in trace.Started) Add($"span {span.OperationName}", Text(span));
    }

    /// <summary>Reads the log, the tables and the files of a bridge.</summary>
    public async Task ReadAsync(RunningBridge bridge)
    {
        var tables = bridge.Host.Services.GetRequiredService<TableServiceClient>();
        foreach (var name in TableNames.All)
        {
            await foreach (var row in tables.GetTableClient(name).QueryAsync<TableEntity>())
            {
                var columns = row.Select(column => $"{column.Key}={(column.Value is byte[] bytes ? Unpacked(bytes) : column.Value)}");
                Add($"table {name}", string.Join('\n', columns));
            }
        }

        foreach (var line in bridge.Log.Lines) Add("the log", line);
        foreach (var path in Directory.EnumerateFiles(bridge.Folder, "*", SearchOption.AllDirectories))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var text = new StreamReader(file, Encoding.Latin1);
            Add(Path.GetRelativePath(bridge.Folder, path), await text.ReadToEndAsync());
        }
    }

    public int Count(string where) => _written.Count(written => written.Where.StartsWith(where, StringComparison.Ordinal));

    public bool Has(string where, string text) =>
        _written.Any(written => written.Where == where && written.Text.Contains(text, StringComparison.Ordinal));

    /// <param name="mayHold">Whether a place may hold a secret.</param>
    public void AssertNone(IEnumerable<string> secrets, Func<string, string, bool> mayHold) => Assert.Empty(
        from secret in secrets
        from written in _written
        where written.Text.Contains(secret, StringComparison.OrdinalIgnoreCase) && !mayHold(written.Where, secret)
        select $"{secret} in {written.Where}: {Around(written.Text, secret)}");

    public void Dispose() => _meters.Dispose();

    private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Add($"metric {instrument.Name}", string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));

    private static string Text(Activity span) => string.Join(
        '\n',
        span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
            .Concat(span.Baggage.Select(item => $"{item.Key}={item.Value}"))
            .Concat(span.Events.SelectMany(one => one.Tags.Select(tag => $"{one.Name} {tag.Key}={tag.Value}")))
            .Append(span.DisplayName).Append(span.StatusDescription));

    private static string Unpacked(byte[] bytes)
    {
        try
        {
            return Encoding.UTF8.GetString(Compressed.Unpack(bytes, 1024 * 1024));
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static string Around(string text, string secret)
    {
        var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 60)..Math.Min(text.Length, at + secret.Length + 60)];
    }
}
