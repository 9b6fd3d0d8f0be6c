using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.Functions.Tests.Bus;

public sealed class JournalDamageTests
{
    [Fact]
    public async Task A_journal_cut_anywhere_in_its_last_record_opens_with_everything_before_it()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await bus.SendAsync("2");
        var full = await File.ReadAllBytesAsync(Journal(bus.CopyOfFolder()));
        var start = StartOfLastMessage(full);
        for (var length = start; length < full.Length; length++)
        {
            var folder = Directory.CreateTempSubdirectory("bus-test-").FullName;
            await File.WriteAllBytesAsync(Path.Combine(folder, "journal-00000001.log"), full[..length]);
            await using var cut = await TestBus.OpenAsync(folder, bus.Time);
            var ids = await cut.IdsAsync();
            Assert.True(ids is ["1"] or ["1", "2"], $"cut at {length}: {string.Join(',', ids)}");
            // And it goes on from there.
            await cut.SendAsync("3");
            await using var again = await cut.ReopenAsync();
            Assert.Equal([.. ids, "3"], await again.IdsAsync());
        }
    }

    [Fact]
    public async Task A_file_cut_in_its_first_record_was_never_used()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await using var second = await bus.ReopenAsync();
        var files = Directory.GetFiles(second.CopyOfFolder()).Order().ToArray();
        var last = await File.ReadAllBytesAsync(files[^1]);
        for (var length = 0; length < last.Length; length++)
        {
            var folder = second.CopyOfFolder();
            await File.WriteAllBytesAsync(Path.Combine(folder, Path.GetFileName(files[^1])), last[..length]);
            await using var cut = await TestBus.OpenAsync(folder, second.Time);
            Assert.Equal(["1"], await cut.IdsAsync());
            await using var again = await cut.ReopenAsync();
            Assert.Equal(["1"], await again.IdsAsync());
        }
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_in_an_acknowledged_record_refuses_to_open()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await bus.SendAsync("2");
        await bus.Bus.DisposeAsync();
        var path = Journal(bus.Directory);
        var intact = await File.ReadAllBytesAsync(path);
        // The marker at the very end, written after the last flush, is the only record nothing relied on.
        for (var at = 0; at < intact.Length - MarkerBytes; at++)
        {
            var damaged = intact.ToArray();
            damaged[at] ^= 0x10;
            await File.WriteAllBytesAsync(path, damaged);
            var refused = await Assert.ThrowsAsync<JournalDamagedException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
            Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(path));
        }

        await File.WriteAllBytesAsync(path, intact);
        await using var restored = await TestBus.OpenAsync(bus.Directory, bus.Time);
        Assert.Equal(["1", "2"], await restored.IdsAsync());
    }

    [Fact]
    public async Task Damage_in_an_earlier_file_refuses_to_open_even_at_its_end()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await using var second = await bus.ReopenAsync();
        await second.Bus.DisposeAsync();
        var path = Path.Combine(bus.Directory, "journal-00000001.log");
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..^1]);
        await Assert.ThrowsAsync<JournalDamagedException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
    }

    [Fact]
    public async Task A_missing_file_refuses_to_open()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("1");
        await using var second = await bus.ReopenAsync();
        await second.Bus.DisposeAsync();
        File.Delete(Path.Combine(bus.Directory, "journal-00000001.log"));
        var refused = await Assert.ThrowsAsync<JournalDamagedException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
        Assert.Contains("missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_looks_like_a_record_is_only_a_body()
    {
        await using var bus = await TestBus.OpenAsync();
        var forged = new byte[64];
        RecordFrame.MagicBytes.CopyTo(forged);
        forged[4] = 1;
        await bus.Sender.SendMessageAsync(new(forged) { MessageId = "m", SessionId = "s" });
        var folder = bus.CopyOfFolder();
        var full = await File.ReadAllBytesAsync(Journal(folder));
        await File.WriteAllBytesAsync(Journal(folder), full[..^(MarkerBytes + 1)]);
        await using var cut = await TestBus.OpenAsync(folder, bus.Time);
        Assert.Empty(await cut.IdsAsync());
    }

    private const int MarkerBytes = RecordFrame.HeaderBytes + 1;

    private static string Journal(string folder) => Path.Combine(folder, "journal-00000001.log");

    private static int StartOfLastMessage(byte[] journal)
    {
        var start = 0;
        for (var at = Segment.PreambleBytes; at < journal.Length; at += RecordFrame.LengthIfPlausible(journal.AsSpan(at)) ?? journal.Length)
            if (journal[at + RecordFrame.HeaderBytes] == (byte)RecordKind.Message)
                start = at;
        return start;
    }
}
