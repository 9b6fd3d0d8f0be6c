using BigPanda.LocalHost.Bus;

namespace BigPanda.Functions.Tests.Bus;

public sealed class FolderTests
{
    [Fact]
    public async Task Only_its_owner_can_read_the_folder_and_its_files()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var bus = await TestBus.OpenAsync();
        await bus.SendAsync("m");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(bus.Directory));
        var files = Directory.GetFiles(bus.Directory);
        Assert.Equal(["queues.db", "queues.db-wal"], files.Select(Path.GetFileName).Order());
        foreach (var file in files)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_folder_others_could_read_is_closed_to_them()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var bus = await TestBus.OpenAsync();
        await bus.Bus.DisposeAsync();
        File.SetUnixFileMode(bus.Directory, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Path.Combine(bus.Directory, "queues.db"), (UnixFileMode)0b110_100_100);
        await using var reopened = await TestBus.OpenAsync(bus.Directory, bus.Time);
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(bus.Directory));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Path.Combine(bus.Directory, "queues.db")));
    }

    [Fact]
    public async Task A_folder_of_an_earlier_version_is_refused_with_instructions()
    {
        await using var bus = await TestBus.OpenAsync();
        await bus.Bus.DisposeAsync();
        var journal = Path.Combine(bus.Directory, "journal-00000001.log");
        await File.WriteAllTextAsync(journal, "messages");
        var refused = await Assert.ThrowsAsync<BusFolderException>(() => TestBus.OpenAsync(bus.Directory, bus.Time));
        Assert.Contains("Run that version until its queues are empty, then delete the folder", refused.Message, StringComparison.Ordinal);
        File.Delete(journal);
        await using var reopened = await TestBus.OpenAsync(bus.Directory, bus.Time);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_says_so()
    {
        await using var bus = await TestBus.OpenAsync();
        var file = Path.Combine(bus.Directory, "queues.db", "below");
        var refused = await Assert.ThrowsAsync<BusFolderException>(() => TestBus.OpenAsync(file, bus.Time));
        Assert.Contains("Could not open the queue database", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data DIR", refused.Message, StringComparison.Ordinal);
    }
}
