using BigPanda.LocalHost;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class HostJsonTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("bigpanda-tests-").FullName, "host.json");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path) ?? _path, recursive: true);

    [Fact]
    public void The_apps_own_file_settles_messages_by_hand_under_the_api_prefix()
    {
        var hostJson = HostJson.Read(Path.Combine(AppContext.BaseDirectory, "host.json"));

        Assert.Equal("api", hostJson.RoutePrefix);
        Assert.False(hostJson.AutoCompleteMessages);
        Assert.Equal(256, hostJson.MaxConcurrentSessions);
        Assert.Equal(TimeSpan.FromSeconds(1), hostJson.SessionIdleTimeout);
        Assert.Equal(TimeSpan.FromMinutes(10), hostJson.MaxAutoLockRenewalDuration);
    }

    [Fact]
    public void Where_the_file_is_silent_the_Functions_hosts_defaults_hold()
    {
        File.WriteAllText(_path, """{ "version": "2.0" }""");

        Assert.Equal(new HostJson(), HostJson.Read(_path));
    }

    [Fact]
    public void A_missing_or_malformed_file_is_named()
    {
        Assert.Equal($"{_path} is missing: build the solution again.", Assert.Throws<LocalHostException>(() => HostJson.Read(_path)).Message);

        File.WriteAllText(_path, "{ version");
        Assert.StartsWith($"{_path} is not valid JSON: ", Assert.Throws<LocalHostException>(() => HostJson.Read(_path)).Message, StringComparison.Ordinal);
    }
}
