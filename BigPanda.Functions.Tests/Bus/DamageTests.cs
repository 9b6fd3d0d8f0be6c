using Azure.Messaging.ServiceBus;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using Microsoft.Data.Sqlite;

namespace BigPanda.Functions.Tests.Bus;

public sealed class DamageTests
{
    // Every byte would take minutes; a stride without common factors with the page size meets all parts of pages and rows.
    private const int Stride = 61;

    [Fact]
    public async Task A_flipped_bit_anywhere_in_the_database_changes_and_loses_no_message_silently()
    {
        await using var bus = await TestBus.OpenAsync();
        for (var i = 0; i < 3; i++)
            await bus.Sender.SendMessageAsync(TestBus.Message($"{i}", body: Body(i)));
        await bus.Bus.DisposeAsync();
        var intact = await File.ReadAllBytesAsync(Database(bus.Directory));
        var refused = 0;
        for (var at = 0; at < intact.Length; at += Stride)
        {
            var damaged = intact.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            refused += await RefusesOrHasAllAsync(damaged, bus.Time, at) ? 1 : 0;
        }

        Assert.InRange(refused, intact.Length / Stride / 20, intact.Length / Stride);
    }

    [Theory]
    [InlineData("content = x'00'")]
    [InlineData("deliveries = 9")]
    [InlineData("dead_lettered = 1")]
    [InlineData("expires_at = 5")]
    [InlineData("queue = 2")]
    public async Task A_row_that_was_changed_is_found_by_its_checksum(string change)
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await bus.Bus.DisposeAsync();
        Execute(bus.Directory, $"UPDATE messages SET {change}");
        var refused = await Assert.ThrowsAsync<BusFolderException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
        Assert.Contains("is damaged: message 1 does not match its checksum.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Restore the queue folder from a copy, or delete it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_reported_in_one_sentence_and_left_unchanged()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.Bus.DisposeAsync();
        var text = Enumerable.Repeat("this is not a database. "u8.ToArray(), 50).SelectMany(static line => line).ToArray();
        await File.WriteAllBytesAsync(Database(bus.Directory), text);
        var refused = await Assert.ThrowsAsync<BusFolderException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
        Assert.Contains("is damaged: SQLite Error 26", refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllBytesAsync(Database(bus.Directory)));
    }

    [Fact]
    public async Task A_database_cut_short_is_refused()
    {
        await using var bus = await TestBus.OpenAsync();
        for (var i = 0; i < 20; i++)
            await bus.Sender.SendMessageAsync(TestBus.Message($"{i}", body: Body(i)));
        await bus.Bus.DisposeAsync();
        var full = await File.ReadAllBytesAsync(Database(bus.Directory));
        for (var length = 1; length < full.Length; length += 1777)
        {
            await File.WriteAllBytesAsync(Database(bus.Directory), full[..length]);
            await Assert.ThrowsAsync<BusFolderException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
        }
    }

    [Fact]
    public async Task A_log_cut_anywhere_opens_with_every_transaction_before_the_cut()
    {
        await using var bus = await TestBus.OpenAsync();
        var sizes = new List<(long Length, int Messages)>();
        for (var i = 0; i < 6; i++)
        {
            await bus.SendAsync($"{i}");
            sizes.Add((new FileInfo(Log(bus.Directory)).Length, i + 1));
        }

        var folder = bus.CopyOfFolder();
        var (database, log) = (await File.ReadAllBytesAsync(Database(folder)), await File.ReadAllBytesAsync(Log(folder)));
        for (var length = (int)sizes[0].Length; length < log.Length; length += 499)
        {
            var cut = Directory.CreateTempSubdirectory("bus-test-").FullName;
            await File.WriteAllBytesAsync(Database(cut), database);
            await File.WriteAllBytesAsync(Log(cut), log[..length]);
            await using var opened = await TestBus.OpenAsync(cut, bus.Time);
            var expected = sizes.Last(size => size.Length <= length).Messages;
            Assert.Equal(Enumerable.Range(0, expected).Select(i => $"{i}"), await opened.IdsAsync());
            await opened.SendAsync("next");
            await using var again = await opened.ReopenAsync();
            Assert.Equal(expected + 1, again.Counts.Active);
        }
    }

    [Fact]
    public async Task A_database_of_another_format_is_left_alone()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        await bus.Bus.DisposeAsync();
        Execute(bus.Directory, "PRAGMA user_version = 2");
        var refused = await Assert.ThrowsAsync<BusFolderException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
        Assert.Contains("has format 2, which this version does not read", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> RefusesOrHasAllAsync(byte[] database, ManualTimeProvider time, int at)
    {
        var folder = Directory.CreateTempSubdirectory("bus-test-").FullName;
        await File.WriteAllBytesAsync(Database(folder), database);
        try
        {
            await using var opened = await TestBus.OpenAsync(folder, time);
            var peeked = await opened.Bus.Client.CreateReceiver(TestBus.Queue).PeekMessagesAsync(10);
            Assert.True(
                peeked.Select(Describe).SequenceEqual(Enumerable.Range(0, 3).Select(i => $"{i + 1} {i} s {Body(i)} 0")),
                $"byte {at}: {string.Join("; ", peeked.Select(Describe))}");
            return false;
        }
        catch (BusFolderException)
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
    }

    private static string Describe(ServiceBusReceivedMessage message) =>
        $"{message.SequenceNumber} {message.MessageId} {message.SessionId} {message.Body} {message.DeliveryCount}";

    private static string Body(int number) => new((char)('a' + number), 1500);

    private static string Database(string folder) => Path.Combine(folder, "queues.db");

    private static string Log(string folder) => Path.Combine(folder, "queues.db-wal");

    private static void Execute(string folder, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Database(folder), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
