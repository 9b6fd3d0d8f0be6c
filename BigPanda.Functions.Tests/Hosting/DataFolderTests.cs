using BigPanda.LocalHost;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("bigpanda-tests-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_folder_that_is_not_there_is_made()
    {
        var folder = DataFolder.Prepare(Path.Combine(_root, "deep", "er"));

        Assert.True(Directory.Exists(folder));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void A_data_folder_that_was_readable_by_others_is_restricted()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(
            _root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        PrivateFolder.Prepare(_root);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_root));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named_in_one_sentence()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");

        var failure = Assert.Throws<LocalHostException>(() => DataFolder.Prepare(Path.Combine(file, "data")));

        Assert.StartsWith($"The data folder {Path.Combine(file, "data")} cannot be written (", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("): choose another with --data.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_keys_are_made_once_and_only_their_owner_may_read_them()
    {
        var first = LocalSecrets.LoadOrCreate(_root);
        var second = LocalSecrets.LoadOrCreate(_root);

        Assert.Equal((first.FunctionKey, first.BearerToken, first.SimulatorKey), (second.FunctionKey, second.BearerToken, second.SimulatorKey));
        Assert.Equal(43, first.BearerToken.Length);
        Assert.NotEqual(first.FunctionKey, first.BearerToken);
        Assert.DoesNotContain(first.BearerToken, first.ToString(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_root, LocalSecrets.FileName)));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"functionKey":"a","bearerToken":"","simulatorKey":"c"}""")]
    public void A_damaged_file_of_keys_is_named_and_not_replaced(string content)
    {
        var path = Path.Combine(_root, LocalSecrets.FileName);
        File.WriteAllText(path, content);

        var failure = Assert.Throws<LocalHostException>(() => LocalSecrets.LoadOrCreate(_root));

        Assert.Equal($"{path} does not hold the keys of this host: delete it to get new ones.", failure.Message);
        Assert.Equal(content, File.ReadAllText(path));
    }
}
