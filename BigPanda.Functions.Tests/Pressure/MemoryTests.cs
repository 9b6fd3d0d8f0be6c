using System.Net;
using System.Text;
using BigPanda.Functions.Tests.Support;
using Xunit.Abstractions;

namespace BigPanda.Functions.Tests.Pressure;

/// <summary>The whole local host as a process, in real time: the largest webhooks and the largest lists together.</summary>
public sealed class MemoryTests(ITestOutputHelper output) : IDisposable
{
    private const long Megabyte = 1024 * 1024;
    private const int LargestBody = 8 * (int)Megabyte;
    private const int Bodies = 64;
    private const int Readers = 8;
    private const int Listed = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("bigpanda-memory-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [LongFact]
    public async Task Sixty_four_bodies_of_8_MiB_and_eight_readers_of_full_lists_stay_within_600_MB_and_leave_less_than_300()
    {
        await using var host = new HostProcess(_folder);
        var bridge = await host.StartAsync();
        await FillAsync(bridge);
        output.WriteLine($"Before: {host.Memory.Now / Megabyte} MB, {host.Memory.Most / Megabyte} MB at most.");

        using var done = new CancellationTokenSource();
        var reading = Enumerable.Range(0, Readers).Select(reader => ReadAsync(bridge, reader, done.Token)).ToList();
        var started = TimeProvider.System.GetTimestamp();
        var answers = await PostTogetherAsync(bridge);
        var took = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        output.WriteLine($"{Bodies} bodies were answered within {took:0.0} s; {host.Memory.Most / Megabyte} MB at most.");
        await done.CancelAsync();
        var pages = (await Task.WhenAll(reading)).Sum();

        await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System);
        var (now, most) = host.Memory;
        output.WriteLine($"{pages} pages were read. {most / Megabyte} MB at most, {now / Megabyte} MB a minute later.");
        Assert.Equal($"{Bodies} x Accepted", string.Join('\n', answers.GroupBy(answer => answer).Select(group => $"{group.Count()} x {group.Key}")));
        Assert.InRange(pages, Readers, int.MaxValue);
        Assert.InRange(most / Megabyte, 1, 600);
        Assert.InRange(now / Megabyte, 1, 300);
    }

    /// <summary>Incidents of 300 alerts: a page of them is as large as a page may be.</summary>
    private static async Task FillAsync(BridgeClient bridge)
    {
        var ids = Enumerable.Range(0, Listed).Select(number => IncidentWebhook.NewId($"listed-{number}")).ToList();
        await bridge.PostWebhooksAsync(ids.Select(id => IncidentWebhook.New(id) with { Alerts = 300 }));
        foreach (var id in ids) await bridge.WaitForAlertAsync(id, alert => alert.Fires);
    }

    /// <summary>All pages, again and again. Half of the readers want the alerts in them as well.</summary>
    private static async Task<int> ReadAsync(BridgeClient bridge, int reader, CancellationToken done)
    {
        var query = $"limit=200{(reader % 2 == 0 ? "&include=alerts,changes" : "")}";
        var pages = 0;
        do
        {
            for (string? next = ""; next is not null && (pages == 0 || !done.IsCancellationRequested); pages++)
            {
                var page = await bridge.ListAsync(query + (next.Length > 0 ? $"&continuation={Uri.EscapeDataString(next)}" : ""));
                next = page.Continuation;
            }
        }
        while (!done.IsCancellationRequested);

        return pages;
    }

    private async Task<IReadOnlyList<string>> PostTogetherAsync(BridgeClient bridge)
    {
        // Text that shrinks little: it does not fit a message however it is packed.
        const string Id = "memory-00";
        var largest = Encoding.UTF8.GetBytes((IncidentWebhook.New(Id) with { Description = "" }).ToJson());
        var body = Encoding.UTF8.GetBytes((IncidentWebhook.New(Id) with { Description = IncidentWebhook.Noise(LargestBody - largest.Length) }).ToJson());
        Assert.Equal(LargestBody, body.Length);
        return await Task.WhenAll(Enumerable.Range(0, Bodies).Select(async number =>
        {
            using var request = bridge.Webhook(new OfIncident(body, Id, $"memory-{number:00}"));
            using var answer = await _http.SendAsync(request);
            return answer.StatusCode == HttpStatusCode.Accepted ? $"{answer.StatusCode}" : await answer.Content.ReadAsStringAsync();
        }));
    }

    /// <summary>The same body with another id of the same length, without a copy of it.</summary>
    private sealed class OfIncident : HttpContent
    {
        private readonly ReadOnlyMemory<byte>[] _parts;

        public OfIncident(byte[] body, string id, string other)
        {
            var at = body.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{id}\"")) + 1;
            _parts = [body.AsMemory(0, at), Encoding.UTF8.GetBytes(other), body.AsMemory(at + id.Length)];
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var part in _parts) await stream.WriteAsync(part);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _parts.Sum(part => (long)part.Length);
            return true;
        }
    }
}
