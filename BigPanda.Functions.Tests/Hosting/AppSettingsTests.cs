using BigPanda.LocalHost;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class AppSettingsTests
{
    private const string Storage = "UseDevelopmentStorage=true";

    private static readonly LocalSecrets Secrets = new("function", "bearer", "simulator");
    private static readonly Uri Simulator = new("http://localhost:7072");

    [Fact]
    public void The_host_tells_the_app_its_storage_and_simulator()
    {
        var settings = AppSettings.Build(new LocalHostOptions(), Secrets, Storage, Simulator);

        Assert.Equal(Storage, settings["StorageConnection"]);
        Assert.Equal("http://localhost:7072", settings["BigPanda:ApiBaseUrl"]);
        Assert.Equal("simulator", settings["BigPanda:ApiKey"]);
    }

    [Fact]
    public void The_callers_settings_override_the_hosts_own_however_they_are_written()
    {
        var options = new LocalHostOptions
        {
            Settings = new Dictionary<string, string?> { ["Intake__MaxBodyBytes"] = "4096", ["BigPanda:ApiBaseUrl"] = "http://localhost:1" },
        };

        var settings = AppSettings.Build(options, Secrets, Storage, Simulator);

        Assert.Equal("4096", settings["Intake:MaxBodyBytes"]);
        Assert.Equal("http://localhost:1", settings["BigPanda:ApiBaseUrl"]);
    }

    [Fact]
    public void Another_BigPanda_gets_the_users_key_and_never_a_made_up_one()
    {
        var options = new LocalHostOptions { BigPandaUrl = new Uri("https://api.example.com/") };

        var failure = Assert.Throws<LocalHostException>(() => AppSettings.Build(options, Secrets, Storage, null));
        Assert.Equal("Set the environment variable BigPanda__ApiKey to an API key for https://api.example.com/.", failure.Message);

        var withKey = options with { Settings = new Dictionary<string, string?> { ["BigPanda__ApiKey"] = "theirs" } };
        var settings = AppSettings.Build(withKey, Secrets, Storage, Simulator);
        Assert.Equal("https://api.example.com", settings["BigPanda:ApiBaseUrl"]);
        Assert.Equal("theirs", settings["BigPanda:ApiKey"]);
    }

    [Fact]
    public void Without_a_simulator_a_made_up_key_stays_on_this_machine()
    {
        var settings = AppSettings.Build(new LocalHostOptions { SimulatorPort = null }, Secrets, Storage, null);

        Assert.Equal("http://localhost:7072", settings["BigPanda:ApiBaseUrl"]);
    }
}
