using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class AppSettingsTests
{
    private const string Storage = "UseDevelopmentStorage=true";

    private static readonly Uri Simulator = new("http://localhost:7072");

    [Fact]
    public void The_host_tells_the_app_its_storage_and_simulator_and_no_secret()
    {
        var settings = AppSettings.Build(new LocalHostOptions(), Storage, Simulator);

        Assert.Equal(Storage, settings["StorageConnection"]);
        Assert.Equal("http://localhost:7072", settings["BigPanda:ApiBaseUrl"]);
        Assert.Null(settings["BigPanda:ApiKey"]);
    }

    [Fact]
    public void The_callers_settings_override_the_hosts_own_however_they_are_written()
    {
        var options = new LocalHostOptions
        {
            Settings = new Dictionary<string, string?> { ["Intake__MaxBodyBytes"] = "4096", ["BigPanda:ApiBaseUrl"] = "http://localhost:1" },
        };

        var settings = AppSettings.Build(options, Storage, Simulator);

        Assert.Equal("4096", settings["Intake:MaxBodyBytes"]);
        Assert.Equal("http://localhost:1", settings["BigPanda:ApiBaseUrl"]);
    }

    [Fact]
    public void Another_BigPanda_is_where_keys_are_checked()
    {
        var settings = AppSettings.Build(new LocalHostOptions { BigPandaUrl = new Uri("https://api.example.com/") }, Storage, Simulator);

        Assert.Equal("https://api.example.com", settings["BigPanda:ApiBaseUrl"]);
    }
}
